"""Whether an edition is due, and whether it is so late that a person has to look at it before it
goes on (S11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.app.quiet_time import QuietTime
from newsletter.domain.editions import EditionState
from newsletter.domain.stored_editions import StoredEdition


def is_due(stored: StoredEdition, now: datetime) -> bool:
    """Whether the clock says that the edition goes out, or on."""
    if stored.state is EditionState.SCHEDULED:
        return stored.scheduled_at is not None and stored.scheduled_at <= now
    return stored.state is EditionState.SENDING


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How late an edition may be: `max_lateness` while anybody waits for a first attempt,
    `expire_after` once everybody has had one and is only to be tried again. What of it was `quiet`
    does not count, for nothing could go then."""

    max_lateness: timedelta
    expire_after: timedelta
    quiet: QuietTime

    def is_late(self, stored: StoredEdition, *, has_pending: bool, now: datetime) -> bool:
        """Whether the edition is later than that; never one that is not scheduled or sending.

        A scheduled one is as late as its time is past; one that is being sent as long as nothing of
        it has been attempted. Nothing counts from before a person last let it go on. A clock that
        was set back makes nothing late. `has_pending`: some deliveries wait for a first attempt.
        """
        expected = _expected(stored)
        if expected is None:
            return False
        is_waiting = stored.state is EditionState.SCHEDULED or has_pending
        allowed = self.max_lateness if is_waiting else self.expire_after
        return now - expected - self.quiet.part_of(expected, now) > allowed


def _expected(stored: StoredEdition) -> datetime | None:
    """When something of the edition should have gone; None where nobody said so."""
    if stored.state is EditionState.SCHEDULED:
        instants = (stored.scheduled_at, stored.released_at)
    elif stored.state is EditionState.SENDING:
        instants = (stored.attempted_at, stored.released_at)
    else:
        return None
    return max((instant for instant in instants if instant is not None), default=None)
