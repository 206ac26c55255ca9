"""What may stand in a header, and how words that are not plain ASCII are written there.

The standard library's own header writer breaks what it folds (rules M4 to M6), so this one writes
headers by hand and borrows only the encoder of single encoded-words from it.
"""

from __future__ import annotations

import re
import unicodedata
from email.header import Header

from newsletter.domain.errors import BadInput

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD_LINE = 76
"""Longest line that holds an encoded-word (RFC 2047 section 2, M5)."""
_PHRASE_LINE = 70
_LONGEST_PLAIN = 900
"""Longest text that is written as it is: a line may have 998 octets (RFC 5322 section 2.1.1)."""

CRLF = "\r\n"


def check_header_text(field: str, text: str) -> None:
    """Raises BadInput, naming the field and the character, for what must not reach a header.

    That is every control character, C0 and C1, and the Unicode line and paragraph separators (M12).
    """
    found = _FORBIDDEN.search(text)
    if found is not None:
        raise BadInput(
            f"{field} has {_name(found[0])} in it, which no header may hold",
            cure="Write it on one line, without control characters.",
        )


def without_controls(text: str) -> str:
    """The text with every character that no header may hold made a space."""
    return _FORBIDDEN.sub(" ", text)


def encode_text(name: str, text: str) -> str:
    """The value of an unstructured header `name` (Subject): plain, or in encoded-words (M5, M6)."""
    check_header_text(name, text)
    if _is_plain(text) and len(text) < _LONGEST_PLAIN:
        return text
    return Header(text, "utf-8", header_name=name, maxlinelen=_ENCODED_WORD_LINE).encode(
        linesep=CRLF
    )


def encode_phrase(text: str) -> str:
    """A display name: quoted, or in encoded-words (RFC 5322 section 3.2.5, M4 to M6)."""
    check_header_text("a display name", text)
    if _is_plain(text) and len(text) < _LONGEST_PLAIN // 2:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return Header(text, "utf-8", maxlinelen=_PHRASE_LINE).encode(linesep=CRLF)


def _is_plain(text: str) -> bool:
    # "=?" would be read as the beginning of an encoded-word.
    return text.isascii() and "=?" not in text


def _name(character: str) -> str:
    names = {"\r": "a line break (CR)", "\n": "a line break (LF)", "\t": "a tab", "\0": "a NUL"}
    unnamed = f"the control character U+{ord(character):04X}"
    return names.get(character) or unicodedata.name(character, unnamed).lower().replace(
        "the control character u+", "the control character U+"
    )
