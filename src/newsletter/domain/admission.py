"""Whether what was sent on a public form is taken in (T14)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SentForm:
    """What tells about a form, beside what was asked for in it: the nonce that came with it, if
    any; the IP address that it came from, None when nobody knows; and whether it filled in the
    field that nobody sees."""

    nonce: str
    ip: str | None
    is_trapped: bool = False


class Verdict(StrEnum):
    """What becomes of a form that was sent; none depends on the address in it (T13).

    `taken`: it was written down. `again`: it cannot be told yet that a person sent it, who is asked
    to press the button once more. `ignored`: it was taken before, or a program has filled in what
    nobody sees; nothing is done, and the answer is that of `taken`. `crowded`: too many came from
    there, or altogether. `busy`: the database took nothing at that moment, and the same form may be
    sent again.
    """

    TAKEN = "taken"
    AGAIN = "again"
    IGNORED = "ignored"
    CROWDED = "crowded"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Admission:
    """A verdict, and how many seconds to wait when there were too many."""

    verdict: Verdict
    wait: float = 0.0
