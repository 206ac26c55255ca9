"""A list in a database, for a transaction of which nothing stays: what comes in, what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from newsletter.app.imports.listed_arrivals import ListTerms, to_text
from newsletter.app.list_files.listed_people import ListedPerson
from newsletter.audience.import_records import begin
from newsletter.audience.judging import Joined
from newsletter.audience.merging import Merger
from newsletter.audience.topics import add_topic
from newsletter.domain.people import Basis, Topic
from newsletter.storage.engine import rehearsing
from newsletter.storage.schema import consents, subscribers, subscriptions, suppressions
from tests.builders import some_seals
from tests.list_rows import read_list

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class PassingAudience:
    """The people of the topic `bulletin`."""

    connection: Connection
    topic: Topic

    def merger(self, import_id: int | None = None) -> Merger:
        """Merges arrivals, for that import if it is one."""
        return Merger("mair", NOW, "en", some_seals(), import_id)

    def begin(self, source: str) -> int:
        """The number of an import that begins."""
        return begin(
            self.connection,
            topic_id=self.topic.id,
            file=source,
            fingerprint=f"{source} {self.lines()}",
            actor="mair",
            at=NOW,
        ).id

    def bring_in(self, text: str, source: str = "a list") -> tuple[int, list[Joined]]:
        """Imports a list in CSV; gives the import's number and what came of each person."""
        import_id = self.begin(source)
        terms = ListTerms(self.topic.id, Basis.CONSENT, source, None, NOW)
        people = [one for one in read_list(text) if isinstance(one, ListedPerson)]
        arrivals = [terms.arrival(to_text(one)) for one in people]
        decisions = self.merger(import_id).merge(self.connection, arrivals)
        return import_id, [one.joined for one in decisions]

    def state(self) -> dict[str, tuple[Any, ...]]:
        """By address: the card, and status, basis and since of the subscription."""
        query = select(
            *subscribers.c["canonical", "name", "language", "format", "attributes"],
            *subscriptions.c["status", "basis", "since"],
        ).outerjoin(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        return {row.canonical: tuple(row)[1:] for row in self.connection.execute(query)}

    def suppressed(self) -> dict[str, str]:
        """The reason of each suppression by its target."""
        query = select(suppressions.c.target, suppressions.c.reason)
        return {row.target: row.reason for row in self.connection.execute(query)}

    def statuses(self) -> dict[str, str | None]:
        """The status of each person's subscription."""
        return {who: row[4] for who, row in self.state().items()}

    def lines(self) -> int:
        """How long the ledger is."""
        return self.connection.execute(select(func.count()).select_from(consents)).scalar_one()


@contextmanager
def an_audience(engine: Engine) -> Iterator[PassingAudience]:
    """Nobody yet, in a migrated database."""
    with rehearsing(engine) as connection:
        topic = add_topic(
            connection, "bulletin", names={"en": "News"}, private=False, actor="mair", now=NOW
        )
        yield PassingAudience(connection, topic)
