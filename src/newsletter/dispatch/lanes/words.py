"""Why a delivery waits for its receiver, as a person reads it beside the delivery.

Codes only, never a server's words: those often quote addresses.
"""

from __future__ import annotations

from datetime import datetime

from newsletter.dispatch.lanes.closing import IN_A_ROW
from newsletter.dispatch.lanes.lane import Lane

_UNITS = ((1, "a second"), (60, "a minute"), (3600, "an hour"), (86_400, "a day"))
_ENOUGH_TO_ROUND = 10


def why(receiver: str, lane: Lane, rate: float | None, now: datetime) -> str:
    """One sentence: `Not tried yet: example.net refused us (550 5.7.515) for 3 readers in a row; it
    is asked again on 2026-10-05 at 14:32 UTC.` `rate` is what it takes now, in messages in a
    second."""
    return f"Not tried yet: {receiver} {_reason(lane, rate, now)}."


def _reason(lane: Lane, rate: float | None, now: datetime) -> str:
    if lane.closed_until is not None:
        return f"{_closing(lane)}; {_asked_again(lane.closed_until, now)}"
    if rate is not None:
        return f"takes {_spoken(rate)} from us, and others were first"
    return "takes no more messages from us at once, and others were first"


def _closing(lane: Lane) -> str:
    if lane.asked_for_a_pause:
        return f"asked for a pause ({lane.code})"
    if len(lane.refused) < IN_A_ROW:  # somebody whose message was under way was accepted
        return f"refused us ({lane.code})"
    return f"refused us ({lane.code}) for {len(lane.refused)} readers in a row"


def _asked_again(opens: datetime, now: datetime) -> str:
    if opens <= now:
        return "it is being asked with one message at a time"
    return f"it is asked again on {opens:%Y-%m-%d} at {opens:%H:%M} UTC"


def _spoken(rate: float) -> str:
    """The rate by the shortest time in which so many go that the rest may be rounded off."""
    enough = (unit for unit in _UNITS if rate * unit[0] >= _ENOUGH_TO_ROUND)
    seconds, time = next(enough, _UNITS[-1])
    number = round(rate * seconds)
    return f"{number} message{'s' if number != 1 else ''} {time}"
