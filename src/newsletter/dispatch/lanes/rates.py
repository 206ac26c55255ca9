"""How fast messages may go by a lane: a token bucket, halved on a complaint, growing back slowly
(S13).

The bucket is kept as one moment, as in the generic cell rate algorithm: each message moves
`next_at` on by what it takes of the rate, and one may go while that is no further ahead than a
burst.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.dispatch.lanes.lane import Lane

BURST = timedelta(seconds=1)
"""What was not used of the rate is kept for so long, and at least one message may always go. More
would be felt as a flood, less would leave connections idle between two messages."""

LOWEST = 1 / 60
"""Messages in a second: a complaint never slows a lane down below one a minute, for whoever sends
nothing does not learn when it may be more."""

AS_GOOD_AS_NONE = 10.0
"""Messages in a second at which a lane without a rate in the settings is let go again: five
connections do no more where an answer takes half a second."""

STEP = timedelta(minutes=10)
"""So long without a complaint, and the rate grows: receivers look at some minutes at a time."""

GROWTH = 1.25
"""By a quarter: to the double in 40 minutes, so that half of what was too much comes back late."""

AT_MOST_EVERY = timedelta(minutes=1)
"""Between two halvings of what a lane takes: what was under way when a receiver complained may be
complained about as well. Half of what it had is never passed, though."""

_MOST_STEPS = 100
"""From the lowest rate to any other; the power of a year's steps would be no number any more."""


def learned(lane: Lane, now: datetime) -> float | None:
    """What the lane was slowed down to, in messages in a second, with what that has grown by; None
    when it is no slower than it was.

    It does not grow while the lane is closed or on trial: nobody could complain.
    """
    if lane.rate is None or lane.full_rate is None or lane.rate_changed_at is None:
        return None
    quiet = timedelta() if lane.closed_until else now - lane.rate_changed_at
    rate = lane.rate * GROWTH ** min(max(quiet // STEP, 0), _MOST_STEPS)
    return rate if rate < lane.full_rate else None


def effective(lane: Lane, configured: float | None, now: datetime) -> float | None:
    """What the lane takes now, in messages in a second; None when it takes what comes."""
    rate = learned(lane, now)
    if rate is None or configured is None:
        return configured if rate is None else rate
    return min(rate, configured)


def opens_at(lane: Lane, rate: float, now: datetime, ahead: int = 0) -> datetime | None:
    """When a message may go by this rate, with so many others ahead of it; None when it may now."""
    next_at = now if lane.next_at is None else max(lane.next_at, now)
    opens = next_at + timedelta(seconds=ahead / rate) - _kept(rate)
    return opens if opens > now else None


def paying(lane: Lane, rate: float, now: datetime) -> Lane:
    """The lane after one more message has gone."""
    since = now if lane.next_at is None else max(lane.next_at, now)
    seconds = 1 / rate
    return replace(lane, next_at=since + timedelta(seconds=seconds), paid=lane.paid + seconds)


def paid_back(lane: Lane, rate: float) -> Lane:
    """The lane after a message that did not go after all."""
    if lane.next_at is None:
        return lane
    seconds = 1 / rate
    return replace(
        lane, next_at=lane.next_at - timedelta(seconds=seconds), paid=lane.paid - seconds
    )


def halved(lane: Lane, configured: float | None, had: float, now: datetime) -> Lane:
    """The lane at half of what it takes, or of what it `had` when that is less, in messages in a
    second.

    The next message waits for its turn at the new rate: what was not used of the old one is
    forgotten.
    """
    takes = effective(lane, configured, now)
    rate = _half(lane, had, takes, now)
    if takes is not None and rate >= takes:
        return lane
    full = lane.full_rate or configured or max(AS_GOOD_AS_NONE, had)
    empty = max(lane.next_at or now, now + _kept(rate))
    slower = replace(lane, rate=rate, full_rate=full, rate_changed_at=now, next_at=empty)
    return paying(slower, rate, now)


def recovered(lane: Lane, now: datetime) -> Lane:
    """The lane without a rate of its own, if that has grown back to what it was."""
    if lane.rate is None or learned(lane, now) is not None:
        return lane
    return replace(lane, rate=None, full_rate=None, rate_changed_at=None)


def _half(lane: Lane, had: float, takes: float | None, now: datetime) -> float:
    if takes is None:
        return max(had / 2, LOWEST)
    is_halved = lane.rate_changed_at is not None and now - lane.rate_changed_at < AT_MOST_EVERY
    return max(min(had / 2, takes if is_halved else takes / 2), min(takes, LOWEST))


def _kept(rate: float) -> timedelta:
    """How far ahead the bucket may be and one more still go: it is the last one of the burst."""
    return max(BURST - timedelta(seconds=1 / rate), timedelta())
