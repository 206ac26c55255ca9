"""The desk at which the reader of a `FakeDesk` chooses what they get."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.domain.people import MailFormat, SubscriptionStatus
from newsletter.domain.readers import Choices, Forgotten, FreshLink, Opened, Reader, Voided
from newsletter.tokens.tokens import Purpose

if TYPE_CHECKING:
    from tests.fakes import FakeDesk

FRESH_TOKEN = "AQEC" + "f" * 43
RESUMES_AT = datetime(2027, 3, 1, tzinfo=UTC)


@dataclass
class FakePreferring:
    """Takes the reader's choices over, unless `is_suppressed` keeps them from joining anything.

    `chosen` are those that were sent, `months` those for which they paused; `is_voided` is whether
    all links but the one of `FRESH_TOKEN` are void.
    """

    desk: FakeDesk
    is_suppressed: bool = False
    is_voided: bool = False
    format: MailFormat = MailFormat.HTML
    chosen: list[Choices] = field(default_factory=list)
    months: list[int] = field(default_factory=list)

    def reader(self, token: str) -> Opened:
        """The reader with all topics."""
        if token == FRESH_TOKEN:
            return self.desk.shown
        answer = self.desk.reader(Purpose.PREFERENCES, token)
        return Voided() if self.is_voided and isinstance(answer, Reader) else answer

    def save(self, token: str, choices: Choices) -> Opened:
        """Takes over the reader's choices."""
        if not isinstance(before := self.reader(token), Reader):
            return before
        self.desk.calls.append("save")
        self.chosen.append(choices)
        self.desk.language = choices.language
        self.format = choices.format or self.format
        had = self.desk.subscribed
        self.desk.subscribe(had & choices.topics if self.is_suppressed else choices.topics)
        return self.reader(token)

    def pause(self, token: str, *, months: int) -> Opened:
        """Pauses all that is active."""
        if not isinstance(before := self.reader(token), Reader):
            return before
        self.desk.calls.append("pause")
        self.months.append(months)
        self._turn(SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED, RESUMES_AT)
        return self.reader(token)

    def resume(self, token: str) -> Opened:
        """Ends every pause."""
        if not isinstance(before := self.reader(token), Reader):
            return before
        self.desk.calls.append("resume")
        self._turn(SubscriptionStatus.PAUSED, SubscriptionStatus.ACTIVE, None)
        return self.reader(token)

    def leave_all(self, token: str) -> Opened:
        """Leaves every topic."""
        before = self.reader(token)
        if not isinstance(before, Reader):
            return before
        return self.desk.leave_all(Purpose.PREFERENCES, token)

    def void_links(self, token: str) -> FreshLink | Forgotten | Voided | None:
        """Makes the link void and gives a fresh one."""
        before = self.reader(token)
        if isinstance(before, Reader):
            self.desk.calls.append("void")
            self.is_voided = True
            return FreshLink(FRESH_TOKEN)
        return before

    def _turn(
        self, before: SubscriptionStatus, after: SubscriptionStatus, until: datetime | None
    ) -> None:
        self.desk.topics = tuple(
            replace(one, status=after, resumes_at=until) if one.status is before else one
            for one in self.desk.topics
        )
