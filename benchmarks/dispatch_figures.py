"""What the runs of the benchmark of sending come to, and what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles

from benchmarks.dispatch_runs import (
    FAST,
    NEWSLETTER,
    NODEMAILER,
    NODEMAILER_SIGNING,
    SIGNING,
    SMTP_SOURCE,
    LongRun,
    Rounds,
)
from benchmarks.figures import Figure, Sense, Target
from benchmarks.freezing import FLOOR, OURS
from benchmarks.receiving import Flow
from benchmarks.rounds import Timings
from benchmarks.signing_floor import SigningFloor

_ADDITIONS = 10_000_000
_FLOOR = "one signature and one hash"
_RATES = (
    # who is how many times as fast as whom, and what is asked
    (NEWSLETTER, SMTP_SOURCE, Target(Sense.AT_LEAST, 0.6)),
    (FAST, SMTP_SOURCE, None),
    (SIGNING, SMTP_SOURCE, Target(Sense.AT_LEAST, 0.4)),
    (NEWSLETTER, NODEMAILER, Target(Sense.AT_LEAST, 5)),
    (FAST, NODEMAILER, None),
    (SIGNING, NODEMAILER_SIGNING, Target(Sense.AT_LEAST, 5)),
    (FAST, NEWSLETTER, None),
)
_COSTS = (
    # who takes how many times the CPU time of whom, and what is asked
    (NEWSLETTER, SMTP_SOURCE, None),
    (NEWSLETTER, NODEMAILER, None),
    (FAST, NEWSLETTER, None),
    (SIGNING, NODEMAILER_SIGNING, None),
    (SIGNING, _FLOOR, Target(Sense.AT_MOST, 1.6)),
)


def of_rates(rounds: Rounds) -> list[Figure]:
    """Ours against the peers by the clock, from the receiver's side: the medians of the rounds' own
    ratios."""
    seconds = Timings(_measured(rounds, lambda flow: flow.seconds_each))
    return [
        Figure(f"{ours} / {theirs}, by rate", "", seconds.ratio(theirs, ours), "", target)
        for ours, theirs, target in _RATES
    ]


def of_costs(rounds: Rounds) -> list[Figure]:
    """The same by the senders' CPU time; and of mail that is signed, how near it comes to what
    signing costs by itself."""
    seconds = _measured(rounds, lambda flow: flow.cpu_each)
    seconds[_FLOOR] = [floor.seconds for floor in rounds.floors]
    return [
        Figure(f"{ours} / {theirs}, by CPU", "", Timings(seconds).ratio(ours, theirs), "", target)
        for ours, theirs, target in _COSTS
    ]


def of_floor(rounds: Rounds) -> list[Figure]:
    """What the floor is made of, and what a signature costs by the library that ours signs with."""
    parts: Mapping[str, Callable[[SigningFloor], float]] = {
        "one RSA-2048 signature, by openssl": lambda floor: floor.signature,
        "  SHA-256 of one message, by openssl": lambda floor: floor.body_hash,
        "  one RSA-2048 signature, by the library that ours uses": lambda floor: (
            floor.library_signature
        ),
    }
    return [
        Figure(name, "", median(map(part, rounds.floors)) * 1e6, "µs")
        for name, part in parts.items()
    ]


def of_each(rounds: Rounds) -> list[Figure]:
    """What each sender came to by itself."""
    return [figure for name, flows in rounds.flows.items() for figure in _of_one(name, flows)]


def _of_one(name: str, flows: Sequence[Flow]) -> list[Figure]:
    if not flows:
        return [Figure(f"{name}, messages in a second", "", None)]
    own, receivers = (
        median(cpu) * 1e6
        for cpu in zip(*((one.cpu_each, one.receiver_cpu_each) for one in flows), strict=True)
    )
    return [
        Figure(f"{name}, messages in a second", "", 1 / median(one.seconds_each for one in flows)),
        Figure("  CPU for one, the sender’s", "", own, "µs"),
        Figure("  CPU for one, the receiver’s", "", receivers, "µs"),
        Figure("  until the first one", "", median(one.start_up for one in flows), "s"),
    ]


def of_memory(rounds: Rounds, people: int, long_run: LongRun, many: int) -> list[Figure]:
    """Our peak memory with a few readers and with many."""
    few = median(one.megabytes for one in rounds.flows[NEWSLETTER])
    signing = median(one.megabytes for one in rounds.flows[SIGNING])
    more = long_run.flow.megabytes
    highest = Target(Sense.AT_MOST, 110)
    return [
        Figure(f"peak memory, {people:,} readers", "", few, "MB", highest),
        Figure("  signing", "", signing, "MB", highest),
        Figure(f"peak memory, {many:,} readers", "", more, "MB", highest),
        Figure("  more than with few", "", more - few, "MB", Target(Sense.AT_MOST, 5)),
    ]


def of_freezing(frozen: Timings, people: int) -> list[Figure]:
    """The freeze of many readers, and what a plain INSERT of the same rows takes."""
    seconds, floor = frozen.best(OURS), frozen.best(FLOOR)
    return [
        Figure(f"freezing {people:,}, the best", "", seconds, "s", Target(Sense.AT_MOST, 2)),
        Figure("  a plain INSERT of the same rows", "", floor, "s"),
        Figure("  freezing / plain INSERT", "", frozen.ratio(OURS, FLOOR)),
    ]


def of_unsubscribing(long_run: LongRun) -> list[Figure]:
    """How long those waited who unsubscribed while it was sent, and at worst during the freeze."""
    first, last = long_run.flow.first.at, long_run.flow.last.at
    waits = long_run.waits.between(first, last)
    hundredths = quantiles(waits, n=100)
    before = quantiles(long_run.waits.between(last=long_run.began), n=100)
    at_freeze = max(long_run.waits.between(long_run.began, first))
    target = Target(Sense.AT_MOST, 50)
    return [
        Figure("unsubscribing before that, p99", "", before[98], "ms"),
        Figure("unsubscribing while sending, readers", "", len(waits)),
        Figure("unsubscribing while sending, p50", "", hundredths[49], "ms"),
        Figure("unsubscribing while sending, p99", "", hundredths[98], "ms", target),
        Figure("unsubscribing while sending, longest", "", max(waits), "ms"),
        Figure("unsubscribing while freezing, longest", "", at_freeze / 1e3, "s"),
    ]


def of_this_machine() -> Figure:
    """How fast the machine is: seconds of a machine elsewhere can be compared by it."""
    began, total = time.perf_counter(), 0
    for number in range(_ADDITIONS):
        total += number
    seconds = time.perf_counter() - began
    return Figure("ten million additions in Python", "", seconds, "s", Target(Sense.ABOUT, 0.5))


def _measured(rounds: Rounds, measured: Callable[[Flow], float]) -> dict[str, list[float]]:
    return {name: [measured(one) for one in flows] for name, flows in rounds.flows.items() if flows}
