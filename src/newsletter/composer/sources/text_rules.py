"""Which characters a text may hold: no control characters, and one line where one line is meant.

Control characters are refused when a file is read, long before any of its words reach a header
(M12) or XML, which forbids most of them (X3).
"""

from __future__ import annotations

import re

from newsletter.domain.control_characters import CONTROLS, SURROGATES, character_name

_NOT_IN_XML = rf"{SURROGATES}\ufffe\uffff"
_NOT_IN_ONE_LINE = re.compile(f"[{CONTROLS}{_NOT_IN_XML}]")

CONTROL_CHARACTER = re.compile(rf"{_NOT_IN_ONE_LINE.pattern}(?<![\t\n])")
"""Every control character but tab and newline, and what XML cannot hold."""


def unfit_character(text: str, *, many_lines: bool) -> str | None:
    """The name of the first character that `text` must not hold, or None when all are fit.

    With `many_lines`, as in rich text, tabs and newlines are fit; without, they are not.
    """
    found = (CONTROL_CHARACTER if many_lines else _NOT_IN_ONE_LINE).search(text)
    return None if found is None else character_name(found[0])
