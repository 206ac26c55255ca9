"""When a lane closes and when it opens again: 421, and the circuit breaker for faults of ours (S4).

A closed lane opens by itself after a while, for one message at a time: it is on trial until one is
accepted. If that is refused, it closes for twice as long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.dispatch.lanes.lane import Lane
from newsletter.dispatch.lanes.rates import AT_MOST_EVERY


@dataclass(frozen=True, slots=True)
class Pause:
    """How long a lane is closed for: at first, and at most however often that is doubled."""

    first: timedelta
    most: timedelta

    def after(self, seconds: int) -> timedelta:
        """The pause after one of so many seconds, 0 for none."""
        return min(max(self.first, timedelta(seconds=2 * seconds)), self.most)


ASKED = Pause(timedelta(minutes=5), timedelta(hours=1))
"""After 421: servers that restart or are overloaded are back in minutes, and those that mean us
look at an hour."""

CROWDED = Pause(timedelta(minutes=1), timedelta(minutes=15))
"""A relay, after 421 for two receivers or for a message of ours: everybody's mail waits for it."""

REFUSED = Pause(timedelta(minutes=30), timedelta(hours=4))
"""After refusals by a fault of ours, which a person has to mend: no sooner than any retry (S5), and
often enough that what is mended in the morning is noticed before noon."""

IN_A_ROW = 3
"""So many readers refused, and the lane closes: one or two may have rules of their own."""

MOST_REFUSED = 5
"""So many readers at most are refused before something is accepted (S4); from then on only they are
asked again."""

FOR_OTHERS = timedelta(minutes=1)
"""Those who were refused already go first when a lane opens; others so much later."""

GIVES_UP_ON_THEM = timedelta(hours=1)
"""When none of those who were refused came so long after the lane has opened, they will not come
(they left, or theirs was an edition that was cancelled), and somebody else is asked."""


def closed(lane: Lane, pause: Pause, code: str, now: datetime) -> Lane:
    """The lane closed from now on; one that is closed already stays so until it would have opened
    anyway, or for the first such pause if that is longer."""
    if lane.is_closed(now):
        until = max(lane.closed_until or now, now + pause.first)
        return replace(lane, closed_until=until, code=code)
    length = pause.after(lane.closed_for)
    return replace(
        lane, closed_until=now + length, closed_for=int(length.total_seconds()), code=code
    )


def refused(lane: Lane, delivery_id: int, code: str, now: datetime) -> Lane:
    """The lane after a reader was refused by a fault of ours; closed if it was the third in a
    row."""
    if delivery_id not in lane.refused:
        lane = replace(lane, refused=(*lane.refused, delivery_id)[-MOST_REFUSED:])
    if lane.is_closed(now):
        return lane
    if len(lane.refused) < IN_A_ROW:
        return replace(lane, code=code)
    return closed(lane, REFUSED, code, now)


def mended(lane: Lane) -> Lane:
    """The lane when the fault is mended: open, but for a pause that was asked for."""
    if lane.asked_for_a_pause:
        return replace(lane, refused=())
    return replace(lane, closed_until=None, closed_for=0, code=None, refused=())


def accepted(lane: Lane, now: datetime) -> Lane:
    """The lane after something was accepted: open, unless it was closed meanwhile.

    What was under way already when it closed opens nothing, but ends the row of refusals.
    """
    if lane.closed_until is None and not lane.refused:
        return lane
    if lane.is_closed(now):
        return replace(lane, refused=())
    if lane.closed_until is not None and lane.rate_changed_at is not None:
        # The rate grows from here on. A minute earlier, so that a complaint halves it at once.
        changed = max(lane.rate_changed_at, lane.closed_until - AT_MOST_EVERY)
        lane = replace(lane, rate_changed_at=changed)
    return replace(lane, closed_until=None, closed_for=0, code=None, refused=())


def opens_at(lane: Lane, delivery_id: int, now: datetime) -> datetime | None:
    """When this delivery may go by a lane that is or was closed, None when it may now."""
    if lane.closed_until is None:
        return None
    opens = lane.closed_until
    if lane.refused and delivery_id not in lane.refused:
        opens += GIVES_UP_ON_THEM if len(lane.refused) >= MOST_REFUSED else FOR_OTHERS
    return opens if opens > now else None
