"""Stand-ins for the ports that consumers declare: small, honest, and kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from newsletter.domain.archive import ArchivePlace, EditionPage
from newsletter.domain.errors import NewsletterError
from newsletter.domain.people import (
    IMPORT_PREFIX,
    Basis,
    ConsentSource,
    SubscriptionStatus,
    Wording,
)
from newsletter.domain.readers import Forgotten, Media, Reader, ReaderTopic, Told
from newsletter.tokens.tokens import Purpose
from newsletter.web.site import Desks
from tests.fake_account_desk import FakeAccount
from tests.fake_archive_desk import FakeArchive
from tests.fake_confirming_desk import FakeConfirming
from tests.fake_leaving_desk import FakeLeaving
from tests.fake_preferences_desk import FakePreferring
from tests.fake_sign_up_desk import FakeSigningUp
from tests.fake_statements_desk import FakeStatements

UNSUBSCRIBE_TOKEN = "AQEB" + "u" * 43
PREFERENCES_TOKEN = "AQEC" + "p" * 43
VIEW_TOKEN = "AQED" + "v" * 43

BULLETIN = ReaderTopic(
    slug="monthly-bulletin",
    names={"en": "Monthly bulletin", "cy": "Bwletin misol"},
    status=SubscriptionStatus.ACTIVE,
    since=datetime(2026, 10, 3, 23, 30, tzinfo=UTC),
    basis=Basis.CONSENT,
    source=f"{IMPORT_PREFIX}subscribers.csv",
    told=Told(
        Wording("Cewch ein bwletin bob mis.", "cy", "2026-09"),
        datetime(2026, 9, 30, 12, tzinfo=UTC),
    ),
)
CONSULTATIONS = ReaderTopic(
    slug="consultations",
    names={"en": "Consultations", "cy": "Ymgyngoriadau"},
    status=SubscriptionStatus.ACTIVE,
    since=datetime(2026, 1, 15, 9, 0, tzinfo=UTC),
    basis=Basis.PUBLIC_TASK,
    source=ConsentSource.PREFERENCES_PAGE,
)
EVENTS = ReaderTopic("events", {"en": "Events", "cy": "Digwyddiadau"})


@dataclass
class FakeDesk:
    """All desks of one reader, who has `topics` and got two tokens, and of one edition.

    `failure` is raised by every call, when given; `calls` counts the changes asked for.
    """

    topics: tuple[ReaderTopic, ...] = (BULLETIN, CONSULTATIONS, EVENTS)
    language: str = "cy"
    pages: Mapping[str, str] = field(default_factory=lambda: {"en": "<p>News</p>"})
    media_files: Mapping[str, Media] = field(default_factory=dict)
    ready: bool = True
    failure: NewsletterError | RuntimeError | None = None
    calls: list[str] = field(default_factory=list)
    place: ArchivePlace | None = None
    archive: FakeArchive = field(default_factory=FakeArchive)
    account: FakeAccount = field(default_factory=FakeAccount)
    confirming: FakeConfirming = field(default_factory=FakeConfirming)
    signing_up: FakeSigningUp = field(default_factory=FakeSigningUp)
    statements: FakeStatements = field(default_factory=FakeStatements)

    @cached_property
    def leaving(self) -> FakeLeaving:
        """The desk at which the reader leaves."""
        return FakeLeaving(self)

    @cached_property
    def preferring(self) -> FakePreferring:
        """The desk at which the reader chooses."""
        return FakePreferring(self)

    @property
    def subscribed(self) -> set[str]:
        """The slugs of the topics that the reader gets."""
        return {one.slug for one in self.topics if one.subscribed}

    @property
    def desks(self) -> Desks:
        """The same, as the pages ask for them."""
        return Desks(
            leaving=self.leaving,
            preferences=self.preferring,
            account=self.account,
            confirming=self.confirming,
            signing_up=self.signing_up,
            statements=self.statements,
            editions=self,
            archive=self.archive,
            health=self,
        )

    def reader(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        """The reader, with the token's own topic only when it is for unsubscribing."""
        self._fail_if_told()
        if (purpose, token) == (Purpose.UNSUBSCRIBE, UNSUBSCRIBE_TOKEN):
            return replace(self.shown, topics=self.topics[:1])
        if (purpose, token) == (Purpose.PREFERENCES, PREFERENCES_TOKEN):
            return self.shown
        return None

    def leave(self, token: str, *, one_click: bool) -> Reader | Forgotten | None:
        """Leaves the first topic."""
        self._fail_if_told()
        if token != UNSUBSCRIBE_TOKEN:
            return None
        self.calls.append("one-click" if one_click else "leave")
        self.subscribe(self.subscribed - {self.topics[0].slug})
        return self.reader(Purpose.UNSUBSCRIBE, token)

    def leave_all(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        """Leaves every topic."""
        if self.reader(purpose, token) is None:
            return None
        self.calls.append("leave-all")
        self.subscribe(set())
        return self.reader(purpose, token)

    def page(self, token: str, language: str) -> EditionPage | None:
        """The edition's page, at `place` in the archive."""
        self._fail_if_told()
        if token != VIEW_TOKEN or language not in self.pages:
            return None
        return EditionPage(self.pages[language], tuple(self.pages), self.place)

    def media(self, name: str) -> Media | None:
        """The picture of that name."""
        self._fail_if_told()
        return self.media_files.get(name)

    def is_ready(self) -> bool:
        """What the test says."""
        return self.ready

    @property
    def shown(self) -> Reader:
        """The reader as the preferences show them."""
        return Reader("s***@example.org", self.language, self.preferring.format, self.topics)

    def subscribe(self, slugs: Collection[str]) -> None:
        """Has the reader get these topics, and no others."""
        self.topics = tuple(replace(one, status=_status(one, slugs)) for one in self.topics)

    def _fail_if_told(self) -> None:
        if self.failure is not None:
            raise self.failure


def _status(topic: ReaderTopic, slugs: Collection[str]) -> SubscriptionStatus | None:
    if topic.slug in slugs:
        return topic.status if topic.subscribed else SubscriptionStatus.ACTIVE
    return SubscriptionStatus.UNSUBSCRIBED if topic.subscribed else topic.status
