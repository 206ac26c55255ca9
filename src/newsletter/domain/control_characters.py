"""Control characters: which they are, for all who refuse or mend them, and what to call them."""

from __future__ import annotations

import re
import unicodedata

CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
"""C0, DEL, C1 and the Unicode line separators, as the inside of a character class: of Python's
regular expressions and of JSON Schema's alike."""

SURROGATES = r"\ud800-\udfff"
"""Halves of a surrogate pair, which no encoding can hold, as the inside of a character class."""

CONTROL_CHARACTER = re.compile(f"[{CONTROLS}]")

_NAMES = {
    "\t": "a tab",
    "\n": "a line break",
    "\r": "a line break",
    " ": "a space",
    ",": "a comma",
    ";": "a semicolon",
    ":": "a colon",
    "\\": "a backslash",
    '"': "a quotation mark",
}


def character_name(character: str) -> str:
    """A character as a message to a person names it: `a comma`, `the control character U+0007`,
    `U+200B (zero width space)`."""
    if character in _NAMES:
        return _NAMES[character]
    if "!" <= character <= "~":
        return f"a {character}"
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "").lower()
    if not name or CONTROL_CHARACTER.match(character):
        return f"the control character {code}"
    return f"{code} ({name})"
