"""A house with one reader, and the desks at which they may be served by a token alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.workspace import Workspace, keys_file
from newsletter.audience import joining, subscribers, suppressions, topics
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.people import (
    Basis,
    Consent,
    ConsentSource,
    Subscriber,
    SubscriptionStatus,
    SuppressionReason,
    Topic,
)
from newsletter.mail.addresses import parse_address
from newsletter.settings.model import FileSettings
from newsletter.settings.tables import Mail, Sender, Site
from newsletter.storage.engine import reading, writing
from newsletter.tokens.key_ring import create_key_ring
from newsletter.tokens.tokens import Purpose
from tests.builders import some_seals
from tests.workspaces import Clock

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
ADDRESS = "siân@example.org"
BY_STAFF = Grounds(Basis.PUBLIC_TASK, ConsentSource.STAFF_ADD, None, "mair", NOW)


class House:
    """A database of ten topics with one person in it, who gets the first five; and the desks."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.clock = Clock(NOW)
        settings = FileSettings.of_folder(
            folder,
            site=Site(name="House", base_url="https://news.example.org", languages=["en", "cy"]),
            sender=Sender(address="news@example.org"),
            mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
        )
        create_key_ring(keys_file(settings))
        self.workspace = Workspace(
            settings=settings,
            engine=engine,
            now=self.clock,
        )
        self.leaving = Leaving(self.workspace)
        self.preferring = Preferring(self.workspace)
        self.slugs = [f"topic-{number}" for number in range(10)]
        with writing(engine) as connection:
            self.topics = [self._add_topic(connection, slug) for slug in self.slugs]
            person = Person(parse_address(ADDRESS))
            for topic in self.topics[:5]:
                joining.add_people(
                    connection, [person], topic, BY_STAFF, default_language="cy", seals=some_seals()
                )

    @staticmethod
    def _add_topic(connection: Connection, slug: str) -> Topic:
        return topics.add_topic(
            connection, slug, names={"en": slug}, private=False, actor="mair", now=NOW
        )

    @property
    def person(self) -> Subscriber:
        """The one person."""
        with reading(self.workspace.engine) as connection:
            return subscribers.subscriber(connection, ADDRESS)

    @property
    def ledger(self) -> list[Consent]:
        """All that happened to their subscriptions."""
        with reading(self.workspace.engine) as connection:
            return subscribers.consents_of(connection, self.person.id)

    def token(self, purpose: Purpose) -> str:
        """A link as a newsletter of the first topic would have it now."""
        person = self.person
        epoch = person.epoch if purpose is Purpose.PREFERENCES else 0
        return self.workspace.tokens.token(
            purpose, handle=person.handle, topic=self.topics[0].public_id, epoch=epoch
        )

    def set_status(self, status: SubscriptionStatus) -> None:
        """Gives the subscription of the first topic that status."""
        person = self.person
        with writing(self.workspace.engine) as connection:
            write_subscriptions(connection, [person.id], self.topics[0].id, status, BY_STAFF)

    def suppress(self) -> None:
        """Keeps the address from being mailed."""
        with writing(self.workspace.engine) as connection:
            suppressions.suppress(
                connection,
                NewSuppression(parse_target(ADDRESS), SuppressionReason.COMPLAINT),
                self.workspace.seals,
                actor="mair",
                at=NOW,
            )

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The questions and changes that the database gets inside the block."""
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("PRAGMA"):
                statements.append(statement)

        event.listen(self.workspace.engine, "before_cursor_execute", note)
        yield statements
        event.remove(self.workspace.engine, "before_cursor_execute", note)
