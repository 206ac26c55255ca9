"""What an hour was to come to for each receiver, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulated_hour.hour import Hour, Readers, States
from tests.simulated_hour.judge import Terms, annoyances
from tests.simulated_hour.receiver_log import visits
from tests.simulated_hour.receivers import Receiver


@dataclass(frozen=True, slots=True)
class Expected:
    """A receiver, and the states in which the deliveries of all its readers are to end."""

    receiver: Receiver
    states: States

    @property
    def readers(self) -> Readers:
        """Its readers."""
        return Readers(self.receiver.domain, sum(self.states.values()))


@dataclass(frozen=True, slots=True)
class Row:
    """One receiver after its hour: `tries` are messages that somebody would hand over, `mails`
    those that it has."""

    receiver: Receiver
    expected: States
    states: States
    tries: int
    mails: int
    annoyances: Sequence[str]

    @property
    def is_as_expected(self) -> bool:
        """Whether the states are exactly those, and nothing annoyed it."""
        return dict(self.states) == dict(self.expected) and not self.annoyances


def rows(hour: Hour, expected: Sequence[Expected]) -> list[Row]:
    """The rows of an hour that is over."""
    states = hour.states
    return [_row(one, states.get(one.receiver.domain, {})) for one in expected]


def _row(expected: Expected, states: States) -> Row:
    receiver = expected.receiver
    over = visits(receiver.log)
    return Row(
        receiver,
        expected.states,
        states,
        tries=len(over),
        mails=sum(visit.is_accepted or visit.is_open for visit in over),
        annoyances=annoyances(receiver.log, Terms(receiver.connections, receiver.rate)),
    )
