"""One edition on its way through a receiver, by one sender after the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.torture.judge import Verdict, edition_state, judge, read_rows
from tests.torture.receiver import FAST, Manner, Receiver
from tests.torture.saboteurs import UNHARMED, Sabotage
from tests.torture.senders import KILLED, Sender, Senders
from tests.torture.workspaces import Audience, copy_template
from tests.workspaces import SHORT

RUN = ("send", "run", SHORT, "--yes", "--skip-reachability")
DUE = ("send", "due")
_ORDERLY = {0, 1, KILLED}
"""Exit codes of a sender in surroundings that are in order."""
_RUNS_AT_MOST = 5
"""How often what is left of an edition is taken up before it must be complete."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where it all happens: a workspace to copy, its people, senders, a folder for the copies."""

    template: Path
    audience: Audience
    senders: Senders
    folder: Path


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    said: str


@dataclass
class EditionRun:
    """An edition, its receiver, and what its senders said that they should not."""

    ground: Ground
    config: Path
    receiver: Receiver
    faults: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The file."""
        return self.config.parent / "data" / "newsletter.db"

    @property
    def journals(self) -> Path:
        """The folder with the journals and the counter."""
        return self.config.parent / "data" / "newsletter.db-journal.d"

    @property
    def left(self) -> int:
        """How many people have not received it yet."""
        return self.ground.audience.size - len(self.receiver.log.recipients)

    @property
    def states(self) -> dict[str, int]:
        """How many deliveries are in each state, as the ledger says."""
        return dict(Counter(row.state for row in read_rows(self.database)))

    def do(self, *words: str, sabotage: Sabotage = UNHARMED) -> Answer:
        """Runs a command to its end."""
        command = self.ground.senders.forked(self.config, *words, sabotage=sabotage)
        (code,) = self._ends_of([command])
        return Answer(code, command.said)

    def start(self, *commands: Sequence[str], is_cold: bool = False) -> list[Sender]:
        """Starts these commands at once."""
        senders = self.ground.senders
        begin = senders.cold if is_cold else senders.forked
        return [begin(self.config, *words) for words in commands]

    def end(self, senders: Sequence[Sender]) -> list[int]:
        """Waits for their ends, and gives their exit codes; one that is out of order is a fault."""
        codes = self._ends_of(senders)
        for sender, code in zip(senders, codes, strict=True):
            if code not in _ORDERLY:
                self.faults.append(f"a sender left with {code}: {sender.said}")
        return codes

    def finish(self) -> Verdict:
        """Sends what is left, and judges all of it."""
        for _ in range(_RUNS_AT_MOST):
            if edition_state(self.database) == "complete":
                break
            self.end(self.start(RUN))
        return self.verdict()

    def verdict(self) -> Verdict:
        """Judges the edition, which is to be complete."""
        self.receiver.settle()
        self._check_status()
        verdict = judge(self.database, self.ground.audience.addresses, self.receiver.log.entries())
        return verdict + Verdict(faults=tuple(self.faults))

    def _ends_of(self, senders: Sequence[Sender]) -> list[int]:
        codes = [sender.end() for sender in senders]
        self.receiver.disarm()  # a trap may name them
        for sender in senders:
            sender.forget()
        return codes

    def _check_status(self) -> None:
        said = self.do("send", "status", SHORT, "--json").said
        status = json.loads(said)
        if not status["audience"] == sum(status["counts"].values()) == self.ground.audience.size:
            self.faults.append(f"totals that do not add up: {said}")


@contextmanager
def edition_run(ground: Ground, name: str, manner: Manner = FAST) -> Iterator[EditionRun]:
    """An edition that is due, in a workspace of its own, and its receiver."""
    with Receiver(ground.folder / f"{name}.log", manner) as receiver:
        config = copy_template(ground.template, ground.folder / name, receiver.url, ground.senders)
        yield EditionRun(ground, config, receiver)
