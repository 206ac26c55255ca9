"""Kills by the plan: editions are sent, their senders killed and killed again, and judged."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

from tests.torture.edition_run import DUE, RUN, EditionRun, Ground, edition_run
from tests.torture.judge import Verdict
from tests.torture.plan import Kill, Mode
from tests.torture.receiver import Phase
from tests.torture.senders import KILLED, Sender
from tests.torture.workspaces import CONNECTIONS

_FEW = 0.1
"""The part of an audience that is too few to kill anybody over."""
_MISSES = 3
"""Senders of one edition that end before their kill, before another edition is begun."""
_WORDS = {"run": RUN, "due": DUE}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What all kills of one mode came to, or another fault; `connections` are the most that were
    open at once."""

    name: str
    kills: int
    editions: int
    connections: int
    verdict: Verdict


@dataclass(slots=True)
class Pace:
    """Seconds of a run that nobody disturbs: until its first message, and from there to its end."""

    before: float
    after: float

    def seconds(self, part: float) -> float:
        """Of a run through such a part of the audience."""
        return self.before + self.after * part

    def correct(self, part: float, seconds: float) -> None:
        """A run through such a part of the audience took so long: the machine is not as busy."""
        factor = seconds / self.seconds(part)
        self.before, self.after = factor * self.before, factor * self.after


def torment(ground: Ground, mode: Mode, kills: Sequence[Kill]) -> Outcome:
    """Sends editions until all kills are done; the first one is left in peace, and measured."""
    waiting = deque(kills)
    with edition_run(ground, f"{mode.slug}-0", mode.manner) as peaceful:
        pace = _undisturbed(peaceful)
        verdict, connections = peaceful.finish(), peaceful.receiver.most_open
    number = 0
    while waiting:
        number += 1
        with edition_run(ground, f"{mode.slug}-{number}", mode.manner) as one:
            _kill_until_few_are_left(one, waiting, pace)
            verdict += one.finish()
            connections = max(connections, one.receiver.most_open)
    return Outcome(mode.name, len(kills), 1 + number, connections, verdict)


def _undisturbed(one: EditionRun) -> Pace:
    first: list[float] = []
    one.receiver.trap(Phase.MAIL, 1, lambda: first.append(monotonic()))
    began = monotonic()
    one.end(one.start(RUN))
    return Pace(before=first[0] - began, after=monotonic() - first[0])


def _kill_until_few_are_left(one: EditionRun, waiting: deque[Kill], pace: Pace) -> None:
    misses = 0
    while waiting and misses < _MISSES and one.left > _FEW * one.ground.audience.size:
        part, began = one.left / one.ground.audience.size, monotonic()
        if _kill(one, waiting[0], pace.seconds(part)):
            waiting.popleft()
        else:  # it was done before: nearer next time, or a place at the very end never comes
            pace.correct(part, monotonic() - began)
            waiting[0] = replace(waiting[0], place=0.9 * waiting[0].place)
            misses += 1


def _kill(one: EditionRun, kill: Kill, seconds: float) -> bool:
    """Starts senders, who would take so many seconds, and kills them as planned; says whether they
    lived long enough for it."""
    senders: list[Sender] = []
    if kill.phase is not None:
        number = 1 + int(kill.place * _expected(one, kill.phase))
        one.receiver.trap(kill.phase, number, lambda: _strike(senders, kill))
    commands = [_WORDS[command] for command in kill.start.commands]
    senders += one.start(*commands, is_cold=kill.is_cold)
    if kill.phase is None:
        _wait(senders, kill.place * seconds)
        _strike(senders, kill)
    return KILLED in one.end(senders)


def _expected(one: EditionRun, phase: Phase) -> int:
    """How often a sender will come to that phase from now on."""
    is_of_connection = phase in (Phase.GREETING, Phase.EHLO)
    return min(one.left, CONNECTIONS) if is_of_connection else one.left


def _wait(senders: Sequence[Sender], seconds: float) -> None:
    moment = monotonic() + seconds
    for sender in senders:
        sender.ends_within(moment - monotonic())


def _strike(senders: Sequence[Sender], kill: Kill) -> None:
    # One that came second has said so and gone, as a rule: whoever lives is sending.
    living = [sender for sender in senders if not sender.ends_within(0)]
    for victim in living[:1] if kill.spares_second else living:
        victim.kill()
