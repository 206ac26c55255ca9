"""Every error that the program raises on purpose.

    NewsletterError             an error with words for the person who meets it
    ├── Refused                 exit 1: the answer is no
    ├── BadInput                exit 2: what was given cannot be read or used
    │   ├── BadAddress          exit 2: what is no address, or none that can be written to
    │   └── FaultyFile          exit 2: one file, all of its faults in one go
    └── SurroundingsFailed      exit 3: database, relay or disk
        ├── SchemaMismatch      the database is older or newer than the program
        ├── DatabaseBusy        another process holds the database for too long
        └── RelayUnreachable    the relay cannot be reached or does not prove who it is

The exit codes are those of the command line; the web answers with its own status for each branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from newsletter.domain.findings import Finding


class NewsletterError(Exception):
    """An error in plain words: what is wrong, where, and what to do about it.

    Raise one of its three branches, never this class itself.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, what: str, *, where: str | None = None, cure: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.cure = cure

    def lines(self) -> list[str]:
        """The lines that a person reads: the fault at its place, then the cure."""
        first = f"{self.where}: {self.what}" if self.where else self.what
        return [first, self.cure] if self.cure else [first]

    def __str__(self) -> str:
        return "\n".join(self.lines())


class Refused(NewsletterError):
    """The request was understood and the answer is no: a check failed, a state forbids it.

    `findings` are the checks' results that speak against it, when they do.
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        cure: str | None = None,
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(what, where=where, cure=cure)
        self.findings = tuple(findings)

    def as_json(self) -> dict[str, object]:
        """The refusal for scripts, which get a document also when the answer is no."""
        return {
            "refused": self.what,
            "cure": self.cure,
            "findings": [finding.as_json() for finding in self.findings],
        }


class BadInput(NewsletterError):
    """What was given cannot be read or used: a wrong option, address, time or file."""

    exit_code = 2


class BadAddress(BadInput):
    """What was given as an address is none, or none that mail can be written to (M12 to M14)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file that a person wrote.

    `file` is as the person named it, `line` is counted from 1 (None when the fault is of the whole
    file), `cure` says what to write instead.
    """

    file: str
    line: int | None
    message: str
    cure: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}" + (f"; {self.cure}" if self.cure else "")


class FaultyFile(BadInput):
    """A file that cannot be read for what it should be; carries every fault at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SurroundingsFailed(NewsletterError):
    """Nothing is wrong with the request: the database, the relay or the disk did not answer."""

    exit_code = 3


class SchemaMismatch(SurroundingsFailed):
    """The database was made by an older or a newer program. Nothing upgrades silently."""


class DatabaseBusy(SurroundingsFailed):
    """Another process held the database for longer than we are willing to wait."""


class RelayUnreachable(SurroundingsFailed):
    """No conversation with the relay is possible: refused, timed out, or an untrusted name.

    `asks_to_wait` is the code with which it asked us to come again later (`421 4.7.0`), None when
    it did not.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        cure: str | None = None,
        asks_to_wait: str | None = None,
    ) -> None:
        super().__init__(what, where=where, cure=cure)
        self.asks_to_wait = asks_to_wait
