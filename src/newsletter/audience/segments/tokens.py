"""A rule cut into its words, values and signs, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from newsletter.audience.segments.rule_errors import UNREADABLE, RuleError
from newsletter.domain.control_characters import character_name

LONGEST_RULE = 2_000
"""Characters that a rule may have."""


class TokenKind(Enum):
    """What a token is."""

    WORD = auto()
    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a rule: `text` is what it says, without quotation marks, `column` its place from
    1 on."""

    kind: TokenKind
    text: str
    column: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words of the grammar, in capitals or not."""
        return self.kind is TokenKind.WORD and self.text.lower() in words

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind is TokenKind.SIGN and self.text in signs

    def __str__(self) -> str:
        return "the end" if self.kind is TokenKind.END else f'"{self.text}"'


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<DATE>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-]))
    | (?P<NUMBER>[0-9]+(?:\.[0-9]+)?(?![\w.]))
    | (?P<WORD>[^\W\d_][\w-]*)
    | (?P<TEXT>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')
    | (?P<SIGN>(?:!=|<=|>=|[=<>])(?![=>]) | [(),+-])
    | (?P<END>\Z)
    )""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")
_MEANT: Mapping[str, str] = {
    "==": "=",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "&&": "and",
    "||": "or",
    "!": "not",
}
"""What other languages write, and what is written here."""
_QUOTES = re.compile("[\"'“”„‘’]")


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a rule in their order, the last one its end.

    Raises RuleError at what is no token. `text` has been through `plain_rule`.
    """
    position, end = 0, False
    while not end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise _no_token(text, position)
        name = str(found.lastgroup)
        kind = TokenKind[name]
        yield Token(kind, _said(kind, found[name]), found.start(name) + 1)
        position, end = found.end(), kind is TokenKind.END


def plain_rule(text: str) -> str:
    """The rule on one line, its letters composed (NFC), as lists have them.

    Raises RuleError for one that is too long, or has a character in it that nobody can see.
    """
    plain = unicodedata.normalize("NFC", re.sub(r"[\t\r\n]", " ", text))
    hidden = UNREADABLE.search(plain)
    if hidden is not None:
        fault = f"there is {character_name(hidden[0])} in it"
        raise RuleError(plain, hidden.start() + 1, fault, cure="Write the rule anew.")
    if len(plain) > LONGEST_RULE:
        fault = f"the rule is longer than {LONGEST_RULE} characters"
        cure = "Make several segments of it, or put what they share into an attribute."
        raise RuleError(plain, LONGEST_RULE + 1, fault, cure=cure)
    return plain


def _said(kind: TokenKind, text: str) -> str:
    return _ESCAPED.sub(r"\1", text[1:-1]) if kind is TokenKind.TEXT else text


def _no_token(text: str, position: int) -> RuleError:
    place = position + len(text[position:]) - len(text[position:].lstrip())
    rest = text[place:]
    column = place + 1
    if rest[0] in "\"'":
        cure = f"Put {rest[0]} at the end of the words."
        return RuleError(text, column, "these quotation marks are never closed", cure=cure)
    if _QUOTES.match(rest):
        fault = f"{rest[0]} does not begin a text"
        return RuleError(text, column, fault, cure='Use plain quotation marks: "Powys".')
    for written, meant in _MEANT.items():
        if rest.startswith(written):
            return RuleError(text, column, f"{written} means nothing here", cure=f"Write {meant}.")
    word = rest.split(maxsplit=1)[0][:40]
    cure = 'Put a text in quotation marks, "like this"; write a date 2026-10-31, a number 12.5.'
    return RuleError(text, column, f"{word} cannot be read", cure=cure)
