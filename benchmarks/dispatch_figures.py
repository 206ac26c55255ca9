"""What the runs of the benchmark of sending come to, and what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

from benchmarks.dispatch_runs import FAST, NEWSLETTER, NODEMAILER, SMTP_SOURCE, Flows, LongRun
from benchmarks.figures import Figure, Sense, Target
from benchmarks.freezing import FLOOR, OURS
from benchmarks.receiving import Flow
from benchmarks.rounds import Timings

_ADDITIONS = 10_000_000
_RATIOS = (
    # faster by this many times, than whom, and what is asked
    (SMTP_SOURCE, Target(Sense.AT_LEAST, 0.6)),
    (NODEMAILER, Target(Sense.AT_LEAST, 5)),
)


def of_rates(flows: Flows) -> list[Figure]:
    """Ours against the peers, by the clock from the receiver's side and by the senders' CPU time:
    the medians of the rounds' own ratios."""
    by_clock = _timings(flows, lambda flow: flow.seconds_each)
    by_cpu = _timings(flows, lambda flow: flow.cpu_each)
    figures = []
    for peer, target in _RATIOS:
        rates = {ours: by_clock.ratio(peer, ours) for ours in (NEWSLETTER, FAST)}
        figures += [
            Figure(f"{NEWSLETTER} / {peer}, by rate", "", rates[NEWSLETTER], "", target),
            Figure(f"{FAST} / {peer}, by rate", "", rates[FAST], ""),
            Figure(f"{NEWSLETTER} / {peer}, by CPU", "", by_cpu.ratio(NEWSLETTER, peer)),
        ]
    faster, cheaper = by_clock.ratio(NEWSLETTER, FAST), by_cpu.ratio(FAST, NEWSLETTER)
    return [
        *figures,
        Figure(f"{FAST} / {NEWSLETTER}, by rate", "", faster),
        Figure(f"{FAST} / {NEWSLETTER}, by CPU", "", cheaper),
    ]


def of_each(flows: Flows) -> list[Figure]:
    """What each sender came to by itself."""
    return [figure for name, of_one in flows.items() for figure in _of_one(name, of_one)]


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


def of_memory(flows: Flows, people: int, long_run: LongRun, many: int) -> list[Figure]:
    """Our peak memory with a few readers and with many."""
    few = median(one.megabytes for one in flows[NEWSLETTER])
    more = long_run.flow.megabytes
    highest = Target(Sense.AT_MOST, 110)
    return [
        Figure(f"peak memory, {people:,} readers", "", few, "MB", highest),
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


def _timings(flows: Flows, measured: Callable[[Flow], float]) -> Timings:
    return Timings(
        {name: [measured(one) for one in of_one] for name, of_one in flows.items() if of_one}
    )
