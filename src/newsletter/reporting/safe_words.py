"""A server's words made fit for a report that may be passed on.

Servers quote the reader's address, and some another one of the same person, or only the mailbox's
name. All that looks like an address goes, and what is known of the person; that nothing else in the
words names somebody can never be certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsletter.domain.control_characters import CONTROLS

_MOST = 160
"""Characters that are shown: enough for what a server means."""

_SHORTEST = 3
"""Letters of a name, at least: a shorter one is part of too many words."""

_UNPRINTABLE = re.compile(f"[{CONTROLS}\\s]+")
_AT = r"(?:@|%40|=40|&#64;|\s?[(\[]at[)\]]\s?)"
_ADDRESS = re.compile(rf"[^\s<>()\[\],;:\"']+{_AT}[^\s<>()\[\],:;\"']*", re.IGNORECASE)
_SHOWN_ADDRESS = "(address)"
_SHOWN_NAME = "(name)"


def safe_words(words: str, names: Iterable[str]) -> str:
    """The words on one line, at most 160 characters, without addresses and without `names`: what
    the person who was written to is called, as local part or otherwise, in any letter case."""
    line = _UNPRINTABLE.sub(" ", words).strip()
    line = _ADDRESS.sub(_SHOWN_ADDRESS, line)
    for name in sorted({name for name in names if len(name) >= _SHORTEST}, key=len, reverse=True):
        line = re.sub(re.escape(name), _SHOWN_NAME, line, flags=re.IGNORECASE)
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"
