"""The desk at which the reader of a `FakeDesk` leaves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsletter.domain.departures import Leaver, LeavingNews, Noted, Unseen
from newsletter.domain.readers import Forgotten, Reader
from newsletter.domain.requests import LeavingReason
from newsletter.tokens.tokens import Purpose

if TYPE_CHECKING:
    from tests.fakes import FakeDesk


@dataclass
class FakeLeaving:
    """Lets the reader leave, come back and say why.

    `is_away` is whether the database is; `is_late` whether it is too late to come back; `reasons`
    are those that were given.
    """

    desk: FakeDesk
    is_away: bool = False
    is_late: bool = False
    reasons: list[LeavingReason] = field(default_factory=list)
    _before: set[str] | None = None

    def leaver(self, token: str) -> Leaver | Forgotten | Unseen | None:
        """The reader with one topic."""
        answer = self._shown(token)
        return Unseen() if self.is_away and answer else answer

    def leave(self, token: str, *, one_click: bool) -> Leaver | Forgotten | Noted | None:
        """Leaves that topic."""
        before = self.desk.subscribed
        if self.desk.leave(token, one_click=one_click) is None:
            return None
        return self._left(token, before)

    def leave_all(self, token: str) -> Leaver | Forgotten | Noted | None:
        """Leaves every topic."""
        before = self.desk.subscribed
        if self.desk.leave_all(Purpose.UNSUBSCRIBE, token) is None:
            return None
        return self._left(token, before)

    def undo(self, token: str, *, everything: bool) -> Leaver | Forgotten | None:
        """Brings back what was left last."""
        answer = self._shown(token)
        if not isinstance(answer, Leaver):
            return answer
        self.desk.calls.append("undo-everything" if everything else "undo")
        if self.is_late or self._before is None:
            return replace(answer, news=LeavingNews.NOT_UNDONE)
        self.desk.subscribe(self._before)
        self._before = None
        return replace(answer, is_subscribed=True, can_undo=False, news=LeavingNews.UNDONE)

    def give_reason(self, token: str, reason: LeavingReason | None) -> Leaver | Forgotten | None:
        """Keeps the reason."""
        answer = self._shown(token)
        if not isinstance(answer, Leaver) or reason is None:
            return answer
        self.reasons.append(reason)
        return replace(answer, news=LeavingNews.REASON_NOTED)

    def _left(self, token: str, before: set[str]) -> Leaver | Forgotten | Noted | None:
        if before != self.desk.subscribed:
            self._before = before
        return Noted() if self.is_away else self._shown(token)

    def _shown(self, token: str) -> Leaver | Forgotten | None:
        reader = self.desk.reader(Purpose.UNSUBSCRIBE, token)
        if not isinstance(reader, Reader):
            return reader
        own = next(iter(reader.topics), None)
        return Leaver(
            masked_address=reader.masked_address,
            language=reader.language,
            topic_names=own.names if own else None,
            is_subscribed=own is not None and own.subscribed,
            can_undo=self._before is not None and not self.is_late,
        )
