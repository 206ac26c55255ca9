"""Which header fields a signature covers, and which it lets nobody add (RFC 6376 section 5.4)."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

_SEALED = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""Named once more than they are there: whoever adds another breaks the signature.

They are what a mail program shows, answers to or reads the body by, so that a second one would be
believed instead of ours (section 8.15). A receiver takes one-click only when both names that it
needs are signed (RFC 8058 section 4; M17).
"""
_COVERED = (
    *("List-ID", "List-Owner", "List-Post", "Feedback-ID"),
    *("Auto-Submitted", "Content-Language"),
)
"""Named as often as they are there: they may not be changed, but a relay may add a Feedback-ID of
its own, by which it counts, and a list that one of the readers is may add what lists add.

Not covered are Precedence and X-Auto-Response-Suppress, which relays take away.
"""
_LINE = 77
"""Characters of a line of the field that its names stand in, after the space that folds it."""


def is_signed(name: str) -> bool:
    """Whether signatures cover the field of this name, written as we write it."""
    return name in _SEALED or name in _COVERED


def names_to_sign(present: Iterable[str]) -> bytes:
    """The `h=` of a message in which the fields named stand, in that order; folded."""
    names = ": ".join([*present, *_SEALED])
    return "\r\n ".join(wrap(f"h={names};", _LINE, break_on_hyphens=False)).encode("ascii")
