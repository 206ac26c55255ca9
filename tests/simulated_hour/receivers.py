"""Receivers: mail systems of one domain each, every one with a way of its own to take mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar

from tests.simulated_hour.receiver_log import Line

OK = "250 2.1.5 Go on"
KEPT = "250 2.0.0 Kept"


@dataclass
class Receiver:
    """A well-behaved one, who takes everything; the others differ from it.

    `rcpt_takes` and `dot_takes` are seconds until an answer. `connections` and `rate`, messages in
    a minute, are what it has told us, and what the settings say of it. It is annoyed by more.
    """

    domain: str
    connections: int | None = None
    rate: int | None = None
    rcpt_takes: float = 0.0
    dot_takes: float = 0.2
    log: list[Line] = field(default_factory=list)
    behaviour: ClassVar[str] = "takes everything"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """What it says to RCPT, `at` so many seconds."""
        return OK

    def to_dot(self, recipient: str, at: float) -> str:
        """What it says when it has the whole message; nothing: it hangs up."""
        return KEPT


@dataclass
class Narrow(Receiver):
    """Has room for a few messages at once, and takes a second for each."""

    dot_takes: float = 1.0
    behaviour = "two messages at once, as it told us"


@dataclass
class Measured(Receiver):
    """Takes so many in a minute."""

    behaviour = "20 messages a minute, as it told us"


@dataclass
class Greylisting(Receiver):
    """Takes a message only from who was sent away with it, and has waited."""

    seconds: float = 300.0
    _met: dict[str, float] = field(default_factory=dict)
    behaviour = "greylists for 5 minutes"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Refuses at first."""
        met = self._met.setdefault(recipient, at)
        is_known = at - met >= self.seconds
        return OK if is_known else "450 4.7.1 Greylisted, please try again later"


@dataclass
class Tiring(Receiver):
    """Has enough after so many messages, and wants to be left alone for five minutes."""

    most: int = 20
    seconds: float = 300.0
    _taken: int = 0
    _tired_at: float | None = None
    behaviour = "421 after every 20 messages, then a pause"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Counts."""
        if self._tired_at is not None and at - self._tired_at < self.seconds:
            return self._enough()
        if self._taken == self.most:
            self._taken, self._tired_at = 0, at
            return self._enough()
        self._taken += 1
        return OK

    def _enough(self) -> str:
        return f"421 4.3.2 {self.domain} has enough for now"


@dataclass
class Unpersuaded(Receiver):
    """Finds that our mail does not authenticate, whoever it is for; until somebody mends that."""

    is_persuaded: bool = False
    behaviour = "550 5.7.515 to everyone, at the dot"

    def to_dot(self, recipient: str, at: float) -> str:
        """Refuses."""
        if self.is_persuaded:
            return KEPT
        return "550 5.7.515 Access denied, the sending domain does not meet our requirements"


@dataclass
class Wary(Receiver):
    """Thinks little of us for a while."""

    seconds: float = 1200.0
    behaviour = "451 4.7.0 to everyone for 20 minutes"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Refuses, and comes round."""
        return OK if at >= self.seconds else "451 4.7.0 Our opinion of your network is poor"


@dataclass
class Overrun(Receiver):
    """Takes so many in a minute, and has told nobody."""

    most: int = 10
    _room: float = 10.0
    _looked: float = 0.0
    behaviour = "450 4.7.28 above 10 messages a minute"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Measures, by a bucket that fills within a minute."""
        self._room = min(self.most, self._room + (at - self._looked) * self.most / 60)
        self._looked = at
        if self._room < 1:
            return "450 4.7.28 There is an unusual rate of mail from your network"
        self._room -= 1
        return OK


@dataclass
class Particular(Receiver):
    """Has an answer of its own for some readers, by the part of the address before the @: to each
    RCPT (`at_rcpt`) or dot (`at_dot`), or only to their first RCPT (`at_first`)."""

    at_rcpt: Mapping[str, str] = field(default_factory=dict)
    at_first: Mapping[str, str] = field(default_factory=dict)
    at_dot: Mapping[str, str] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Looks who it is."""
        reader = recipient.partition("@")[0]
        is_first = reader not in self._met
        self._met.add(reader)
        if is_first and reader in self.at_first:
            return self.at_first[reader]
        return self.at_rcpt.get(reader, OK)

    def to_dot(self, recipient: str, at: float) -> str:
        """Looks who it is."""
        return self.at_dot.get(recipient.partition("@")[0], KEPT)


@dataclass
class Departed(Particular):
    """Some of its readers are there no more."""

    behaviour = "550 5.1.1 for some"


@dataclass
class Full(Particular):
    """Some of its readers never empty their mailboxes."""

    behaviour = "452 4.2.2 and 552 5.2.2 for some"


@dataclass
class Odd(Particular):
    """Says what nobody understands, and hangs up."""

    behaviour = "garbage, wrong codes, hangs up after a dot"


@dataclass
class Slow(Receiver):
    """Takes its time."""

    rcpt_takes: float = 20.0
    dot_takes: float = 20.0
    behaviour = "20 seconds for an answer"


@dataclass
class Crowded(Receiver):
    """Has too many every now and then."""

    one_in: int = 10
    _met: set[str] = field(default_factory=set)
    behaviour = "452 too many, to every tenth"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Counts those whom it has not met."""
        is_new = recipient not in self._met
        self._met.add(recipient)
        is_chosen = is_new and len(self._met) % self.one_in == 0
        return "452 4.5.3 Too many recipients" if is_chosen else OK


@dataclass
class OneOfMany(Receiver):
    """Stands behind a relay that says 421 to every tenth, whoever's it is: they share `numbers`."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    one_in: int = 10
    behaviour = "421 from the relay, to every tenth"

    def to_rcpt(self, recipient: str, at: float) -> str:
        """Counts."""
        return OK if next(self.numbers) % self.one_in else "421 4.3.2 The relay is busy"
