"""What may stand in a header, and how words that are not plain ASCII are written there.

The standard library's own header writer breaks what it folds (rules M4 to M6), so headers are
written by hand here.
"""

from __future__ import annotations

import re
from itertools import pairwise

from newsletter.domain.control_characters import CONTROLS, SURROGATES, character_name
from newsletter.domain.errors import BadInput
from newsletter.mail.encoded_words import encode_words

CRLF = "\r\n"

_FORBIDDEN = re.compile(f"[{CONTROLS}{SURROGATES}]")
_BARE_VALUE = re.compile(r"(?!.*=\?)[!-;=?-~]{1,900}")
"""Printable ASCII without space, angle bracket or the beginning of an encoded-word (M4). Its length
leaves room for the header's name in a line of 998 octets (M2)."""
_PREFERRED_LINE = 78
_ENCODED_WORD_LINE = 76
_LONGEST_PLAIN_LINE = 900
_LONGEST_NAME_BEFORE_PHRASE = len("List-ID: ")


class HeaderValueError(ValueError):
    """A value of the program's own making that its header cannot hold: a fault in the program."""


def check_header_text(field: str, text: str) -> None:
    """Raises BadInput, naming the field and the character, for what must not reach a header.

    That is every control character, C0, DEL and C1, the Unicode line and paragraph separators, and
    half of a surrogate pair, which no encoding can hold (M12).
    """
    found = _FORBIDDEN.search(text)
    if found is not None:
        raise BadInput(
            f"{field} has {character_name(found[0])} in it, which no mail header may hold",
            cure="Write it on one line, without control characters.",
        )


def without_controls(text: str) -> str:
    """The text with every character that no header may hold made a space."""
    return _FORBIDDEN.sub(" ", text)


def check_bare_value(header: str, value: str) -> str:
    """The value, which is made by the program and stands in a structured header as it is.

    Raises HeaderValueError when it holds a space, an angle bracket, `=?` (M4) or anything that is
    not printable ASCII, or is longer than a line can take (M2).
    """
    if _BARE_VALUE.fullmatch(value) is None:
        raise HeaderValueError(f"{header} cannot hold {value!r}")
    return value


def encode_text(name: str, text: str) -> str:
    """The value of the unstructured header `name` (Subject), folded; raises BadInput (M12).

    Plain ASCII stands as it is, all else in encoded-words of at most 75 characters in lines of at
    most 76 (RFC 2047 section 2; M5). Unfolded and decoded it is `text`, to the letter (M6).
    """
    check_header_text(name, text)
    if _is_plain(text) and text == text.strip():
        room = _PREFERRED_LINE - len(f"{name}: ")
        if len(text) <= room:
            return text
        folded = _fold(text.split(" "), room)
        if max(map(len, folded.split(CRLF))) <= _LONGEST_PLAIN_LINE:
            return folded
    return encode_words(text, _ENCODED_WORD_LINE - len(f"{name}: "))


def encode_phrase(text: str) -> str:
    """A display name, quoted (RFC 5322 section 3.2.4) or in encoded-words (M4 to M6).

    It fits into a line that begins with `From: ` or `List-ID: `. Raises BadInput (M12).
    """
    check_header_text("a display name", text)
    room = _ENCODED_WORD_LINE - _LONGEST_NAME_BEFORE_PHRASE
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if _is_plain(text) and len(quoted) <= room:
        return quoted
    return encode_words(text, room)


def mailbox(header: str, name: str, value: str) -> str:
    """The value of `header`: a display name, then `<value>`, on one line where it fits."""
    phrase = encode_phrase(name)
    last_line = f"{header}: {phrase}".rpartition(CRLF)[2]
    fold = CRLF if len(f"{last_line} <{value}>") > _ENCODED_WORD_LINE else ""
    return f"{phrase}{fold} <{value}>"


def _fold(words: list[str], room: int) -> str:
    # Folded only at single spaces: an empty word is a doubled space, and a line of white space
    # alone would be an obsolete form (RFC 5322 section 4.2).
    rows = [words[0]]
    for before, word in pairwise(words):
        fits = len(rows[-1]) + 1 + len(word) <= room
        if fits or not before or not word:
            rows[-1] += f" {word}"
        else:
            rows.append(f" {word}")
    return CRLF.join(rows)


def _is_plain(text: str) -> bool:
    # "=?" would be read as the beginning of an encoded-word.
    return text.isascii() and "=?" not in text
