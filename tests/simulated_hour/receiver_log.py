"""What a receiver writes down: who came when, what was said to them, and when they were gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

TOO_FAST = "4.7.28"
"""The enhanced code of a complaint about the rate."""


class Step(StrEnum):
    """What a line is about. A visit begins with a RCPT that came, and ends with a refusal of it,
    with the answer to the dot, or with the connection."""

    CAME = "RCPT came"
    RCPT = "answer to RCPT"
    DOT = "answer to the dot"
    GONE = "connection gone"


class Line(NamedTuple):
    """One line: `at` are seconds since the hour began, `said` the reply in full, empty for none."""

    at: float
    connection: str
    recipient: str
    step: Step
    said: str = ""

    @property
    def is_last(self) -> bool:
        """Whether the visit is over with it."""
        is_let_in = self.step is Step.RCPT and self.said.startswith("2")
        return self.step is not Step.CAME and not is_let_in


@dataclass(frozen=True, slots=True)
class Visit:
    """One message that somebody tried to hand over: when they came and when it was over; `said` is
    the last that they heard, at `step`."""

    recipient: str
    came: float
    went: float
    step: Step
    said: str

    @property
    def code(self) -> str:
        """The three digits of the reply; empty if it had none."""
        digits = self.said[:3]
        return digits if digits.isdecimal() else ""

    @property
    def enhanced(self) -> str:
        """The second word of the reply, which is the RFC 3463 code where there is one."""
        return [*self.said.split(), "", ""][1]

    @property
    def is_accepted(self) -> bool:
        """Whether we said that we have it."""
        return self.step is Step.DOT and self.code.startswith("2")

    @property
    def is_greylisted(self) -> bool:
        """Whether the reply says that it only wants to see who comes again."""
        return "greylist" in self.said.lower()

    @property
    def is_policy(self) -> bool:
        """Whether we refused whoever sends, and not the reader (S4): for good, or for a while."""
        subject = {"5": "5.7.", "4": "4.7."}.get(self.code[:1])
        is_of_sender = subject is not None and self.enhanced.startswith(subject)
        return is_of_sender and self.enhanced != TOO_FAST and not self.is_greylisted

    @property
    def is_final(self) -> bool:
        """Whether the reader is not to be written to again."""
        return self.code.startswith("5") and not self.is_policy

    @property
    def is_open(self) -> bool:
        """Whether the message was here, and nothing was said that the other side could read."""
        return self.step is Step.DOT and not self.code


def visits(log: Sequence[Line]) -> list[Visit]:
    """The visits that are over, in the order in which they were."""
    return list(_visits(log))


def _visits(log: Sequence[Line]) -> Iterator[Visit]:
    came: dict[str, Line] = {}
    for line in log:
        if line.step is Step.CAME:
            came[line.connection] = line
        elif line.is_last:
            begin = came.pop(line.connection)
            yield Visit(line.recipient, begin.at, line.at, line.step, line.said)
