"""What two processes know of one lane becomes one: several of them may send by the same relay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.dispatch.lanes.closing import MOST_REFUSED
from newsletter.dispatch.lanes.lane import Lane


def merged(base: Lane, mine: Lane, theirs: Lane) -> Lane:
    """What to go by when `base`, which both knew, became `mine` here and `theirs` elsewhere.

    Where one alone has changed it, that stands. Where both have, the more careful one does: the
    lower rate, the later opening, all that were refused, and what both have used up of the rate.
    """
    if mine == base:
        return replace(theirs, paid=mine.paid)
    if theirs == base:
        return mine
    return replace(
        _slower(mine, theirs),
        next_at=_paid_by_both(base, mine, theirs),
        closed_until=_later(mine.closed_until, theirs.closed_until),
        closed_for=max(mine.closed_for, theirs.closed_for),
        code=mine.code or theirs.code,
        refused=tuple(dict.fromkeys((*theirs.refused, *mine.refused)))[:MOST_REFUSED],
        paid=mine.paid,
    )


def _slower(mine: Lane, theirs: Lane) -> Lane:
    if mine.rate is None or theirs.rate is None:
        return theirs if mine.rate is None else mine
    return min(mine, theirs, key=lambda lane: lane.rate or 0.0)


def _paid_by_both(base: Lane, mine: Lane, theirs: Lane) -> datetime | None:
    if mine.next_at is None or theirs.next_at is None:
        return mine.next_at or theirs.next_at
    since = timedelta(seconds=max(mine.paid - base.paid, 0.0))
    return max(theirs.next_at, mine.next_at - since) + since


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
