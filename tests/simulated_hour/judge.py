"""The verdict of a receiver on whoever sent to it: what annoyed it, by its own log and no other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.simulated_hour.receiver_log import TOO_FAST, Line, Step, Visit, visits

RETRY_AFTER = 1800.0
"""Seconds before who was sent away may come again (S5)."""
GREYLISTED_AFTER = 300.0
"""The same, of a reply that says that it greylists."""
PAUSE = 300.0
"""Seconds after a 421 in which nobody may come."""
SAME_FAULT = 5
"""Recipients for whom the same refusal of the sender may be answered, a 5.7.x or a 4.7.x (S4)."""
AT_ONCE = 5
"""Messages that may be under way to a receiver that has told us nothing else."""
MINUTE = 60.0
_ON_THE_WAY = 1.0
"""Seconds: who came so soon after an answer had not heard of it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a receiver has told us: messages at once, messages in a minute; None: nothing."""

    connections: int | None = None
    rate: int | None = None


def annoyances(log: Sequence[Line], terms: Terms) -> list[str]:
    """Everything that annoyed it, in words; nothing is the aim."""
    over = visits(log)
    return [
        *_came_again(over),
        *_disturbed(over),
        *_crowds(log, AT_ONCE if terms.connections is None else terms.connections),
        *_same_fault(over),
        *_went_on_as_fast(log, over),
        *(() if terms.rate is None else _over_rate(log, terms.rate)),
    ]


def _came_again(over: Sequence[Visit]) -> Iterator[str]:
    by_recipient: dict[str, list[Visit]] = defaultdict(list)
    for visit in over:
        by_recipient[visit.recipient].append(visit)
    for mine in by_recipient.values():
        for before, again in pairwise(mine):
            yield from _came_too_soon(before, again)


def _came_too_soon(before: Visit, again: Visit) -> Iterator[str]:
    who, seconds = again.recipient, again.came - before.went
    if before.is_accepted or before.is_open:
        yield f"{who} came again, although we have the message"
    elif before.is_final:
        yield f"{who} came again after {before.said!r}"
    elif seconds < _patience_after(before):
        yield f"{who} came again {seconds:.0f} s after {before.said!r}"


def _patience_after(visit: Visit) -> float:
    return GREYLISTED_AFTER if visit.is_greylisted else RETRY_AFTER


def _disturbed(over: Sequence[Visit]) -> Iterator[str]:
    pauses = list(_beginnings((one.went for one in over if one.code == "421"), PAUSE))
    for visit in over:
        since = min((visit.came - at for at in pauses if at <= visit.came), default=PAUSE)
        if _ON_THE_WAY < since < PAUSE:
            yield f"{visit.recipient} came {since:.0f} s after a 421"


def _crowds(log: Sequence[Line], most: int) -> Iterator[str]:
    inside: set[str] = set()
    for line in log:
        if line.step is Step.CAME:
            inside.add(line.connection)
            if len(inside) > most:
                yield f"{line.recipient} came as number {len(inside)} at once, at {line.at:.0f} s"
        elif line.is_last:
            inside.discard(line.connection)


def _same_fault(over: Sequence[Visit]) -> Iterator[str]:
    recipients: dict[str, set[str]] = defaultdict(set)
    for visit in over:
        if visit.is_policy:
            recipients[visit.enhanced].add(visit.recipient)
    for code, people in recipients.items():
        if len(people) > SAME_FAULT:
            yield f"{len(people)} recipients were sent to be told {code}"


def _went_on_as_fast(log: Sequence[Line], over: Sequence[Visit]) -> Iterator[str]:
    came = [line.at for line in log if line.step is Step.CAME]
    for at in _beginnings((one.went for one in over if one.enhanced == TOO_FAST), MINUTE):
        heard = at + _ON_THE_WAY
        before = sum(heard - MINUTE < one <= heard for one in came)
        after = sum(heard < one <= heard + MINUTE for one in came)
        if after > max(1, before / 2):
            yield f"{after} messages in the minute after a 4.7.28, {before} in the one before it"


def _beginnings(times: Iterable[float], seconds: float) -> Iterator[float]:
    """Of these times those with which something begins that lasts so long; the others only say it
    again."""
    last = -seconds
    for at in times:
        if at >= last + seconds:
            last = at
            yield at


def _over_rate(log: Sequence[Line], rate: int) -> Iterator[str]:
    came = [line.at for line in log if line.step is Step.CAME]
    in_a_minute = Counter(
        {end: sum(end - MINUTE < one <= end for one in came) for end in set(came)}
    )
    end, most = max(in_a_minute.items(), key=lambda one: one[1], default=(0.0, 0))
    if most > rate + 1:  # a bucket has room for one at least when it begins
        yield f"{most} messages in the minute up to {end:.0f} s, of {rate}"
