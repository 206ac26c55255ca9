"""Which characters a text may hold: no control characters, and one line where one line is meant.

Control characters are refused when a file is read, long before any of its words reach a header
(M12) or XML, which forbids most of them (X3).
"""

from __future__ import annotations

import re

_FORBIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"

CONTROL_CHARACTER = re.compile(f"[{_FORBIDDEN}]")
"""C0 but tab and newline, DEL, C1, the Unicode line separators, and what XML cannot hold."""

_NOT_IN_ONE_LINE = re.compile(f"[\t\n{_FORBIDDEN}]")
_NAMES = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}


def unfit_character(text: str, *, many_lines: bool) -> str | None:
    """The name of the first character that `text` must not hold, or None when all are fit.

    With `many_lines`, as in rich text, tabs and newlines are fit; without, they are not.
    """
    found = (CONTROL_CHARACTER if many_lines else _NOT_IN_ONE_LINE).search(text)
    return None if found is None else name_of(found[0])


def name_of(character: str) -> str:
    """What to call a character that cannot be shown: `a tab`, `the control character U+0007`."""
    return _NAMES.get(character, f"the control character U+{ord(character):04X}")
