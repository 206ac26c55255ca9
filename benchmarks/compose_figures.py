"""The figures of composing, each with what issue and notes ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from benchmarks import message
from benchmarks.cold_command import ColdRun
from benchmarks.editions import LANGUAGES, Rendered, Sample
from benchmarks.figures import Figure, Sense, Target, milliseconds
from benchmarks.html_tokens import token_ratio
from benchmarks.npm_peers import NpmPeers
from benchmarks.rounds import FEW, MANY, Candidate, Rounds, Timings, in_rounds, in_this_process

PLAIN = "compose, no checks"
CHECKED = "compose, all checks"
REWORDED = "compose, every word new"
PEERS = "npm mjml + juice"

_HALF = Target(Sense.AT_MOST, 0.5)
_WHOLE = Target(Sense.AT_MOST, 1.0)
_ALIKE = Target(Sense.AT_LEAST, 0.99)
_ALIKE_BY_KIND = Target(Sense.AT_LEAST, 0.96)
_MOST_HTML = Target(Sense.AT_MOST, 58_000)
_CHEAPER = Target(Sense.AT_LEAST, message.LEAST_RATIO)
_COMPOSE_MS = Target(Sense.ABOUT, 10)
_FILL_US = Target(Sense.ABOUT, 5)
_COLD_MS = Target(Sense.ABOUT, 300)


def of_seed_size(seed: Sample, peers: NpmPeers | None) -> Iterator[Figure]:
    """The seed-size edition in each language alone, and in all of them."""
    for sample in (*(seed.in_language(language) for language in LANGUAGES), seed):
        mails = sample.rendered()
        took = _timed(sample, mails, peers, MANY)
        yield _ratio("no checks / peers", sample, took.ratio(PLAIN, PEERS), _HALF)
        yield _ratio("all checks / peers", sample, took.ratio(CHECKED, PEERS), _WHOLE)
        yield from _times(sample, took, _COMPOSE_MS if len(mails) == 1 else None)
        yield milliseconds(REWORDED, sample.name, _timed_reworded(sample).best(REWORDED))
        yield milliseconds(PEERS, sample.name, took.best(PEERS))
        yield Figure("tokens as npm mjml’s", sample.name, _alike(mails, peers), "", _ALIKE)


def of_kind(sample: Sample, peers: NpmPeers | None) -> Iterator[Figure]:
    """An edition of one section, in all languages."""
    mails = sample.rendered()
    took = _timed(sample, mails, peers, FEW)
    yield from _times(sample, took, None)
    yield _ratio("no checks / peers", sample, took.ratio(PLAIN, PEERS))
    yield Figure("tokens as npm mjml’s", sample.name, _alike(mails, peers), "", _ALIKE_BY_KIND)


def of_message() -> Iterator[Figure]:
    """One reader's whole message, filled, against the standard library's writer."""
    # The first of them is the one that the target is for.
    (fill,) = message.measure(message.messages()[:1])
    yield Figure("EmailMessage / fill", fill.name, fill.ratio, "×", _CHEAPER)
    yield Figure("fill", fill.name, fill.microseconds, "µs", _FILL_US)


def of_cold_command(run: ColdRun, edition: str) -> Iterator[Figure]:
    """`newsletter compose` as a whole process, and the HTML that it writes."""
    yield milliseconds("command, cold: CPU", edition, run.cpu, _COLD_MS)
    yield milliseconds("command, cold: clock", edition, run.wall)
    for language, octets in run.html_octets.items():
        yield Figure("HTML octets", f"{edition}, {language}", octets, "", _MOST_HTML)


def _timed(
    sample: Sample, mails: list[Rendered], peers: NpmPeers | None, rounds: Rounds
) -> Timings:
    candidates: dict[str, Candidate] = {
        PLAIN: in_this_process(lambda: sample.compose(checks=False)),
        CHECKED: in_this_process(lambda: sample.compose(checks=True)),
    }
    if peers is not None:
        candidates[PEERS] = peers.candidate(mails)
    return in_rounds(candidates, rounds)


def _timed_reworded(sample: Sample) -> Timings:
    """What an edition costs of which nothing was read before, as by the first one that is."""
    editions = (sample.reworded(number) for number in count())
    work = in_this_process(lambda: next(editions).compose(checks=True))
    return in_rounds({REWORDED: work}, FEW)


def _times(sample: Sample, took: Timings, target: Target | None) -> Iterator[Figure]:
    yield milliseconds(PLAIN, sample.name, took.best(PLAIN))
    yield milliseconds(CHECKED, sample.name, took.best(CHECKED), target)


def _ratio(what: str, sample: Sample, value: float | None, target: Target | None = None) -> Figure:
    return Figure(what, sample.name, value, "×", target)


def _alike(mails: list[Rendered], peers: NpmPeers | None) -> float | None:
    """The ratio of the mail that differs most."""
    if peers is None:
        return None
    return min(token_ratio(mail.html, peers.html(mail)) for mail in mails)
