"""Why a delivery waits for its receiver, as a person reads it beside the delivery.

Codes only, never a server's words: those often quote addresses.
"""

from __future__ import annotations

from datetime import datetime

from newsletter.dispatch.lane import Lane
from newsletter.dispatch.lane_closing import IN_A_ROW

_UNITS = ((1, "second"), (60, "minute"), (3600, "hour"), (86_400, "day"))


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
    if len(lane.refused) >= IN_A_ROW:
        return f"refused us ({lane.code}) for {len(lane.refused)} readers in a row"
    return f"asked for a pause ({lane.code})"


def _asked_again(opens: datetime, now: datetime) -> str:
    if opens <= now:
        return "it is being asked with one message at a time"
    return f"it is asked again on {opens:%Y-%m-%d} at {opens:%H:%M} UTC"


def _spoken(rate: float) -> str:
    """The rate by the shortest time in which a whole message goes."""
    seconds, unit = next((each for each in _UNITS if rate * each[0] >= 1), _UNITS[-1])
    number = round(rate * seconds)
    return f"{number} message{'s' if number != 1 else ''} a {unit}"
