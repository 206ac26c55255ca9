"""How a slot for an address becomes one: a public page's address, and a token at its end.

The only place that knows the pages' addresses as mail has them (design, section 6). An address slot
is resolved once, when an edition is compiled, so that of all its links only the tokens are left to
fill for each reader: they are the same characters in HTML, in plain text, in an address and in
quoted-printable, and need no escaping anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import TypeAlias

from newsletter.domain.compiled import CompiledLanguage, Piece, Slot

TOKEN_LENGTH = 47
"""Characters of every token and tag: base64url of 35 octets, or base32 of 29 (T1)."""


class LinkToken(Enum):
    """The place of one of a reader's tokens; its value is the path of the page that it opens."""

    VIEW = "view"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True)
class WordSlot:
    """The place of plain text about the reader; `fallback` stands where there is none."""

    name: str
    fallback: str = ""


LinkedPiece: TypeAlias = str | WordSlot | LinkToken
"""A piece of compiled text whose addresses are resolved but for their tokens."""

_PAGES = {
    "view": (LinkToken.VIEW, ""),
    "unsubscribe": (LinkToken.UNSUBSCRIBE, ""),
    "preferences": (LinkToken.PREFERENCES, ""),
    "why": (LinkToken.PREFERENCES, "#why"),
}
"""What each of the domain's ADDRESS_SLOTS opens, and what follows the token."""

_BEFORE_TOKEN = re.compile(
    r"https://[^\s\"<>]+?/(?P<language>[A-Za-z0-9-]+)/(?:view|unsubscribe|preferences)/\Z"
)
"""An address up to its token, at the end of what stands before that."""


@dataclass(frozen=True, slots=True)
class LinkTokens:
    """The tokens of one reader's links, `TOKEN_LENGTH` letters, digits, `-` and `_` each."""

    view: str
    unsubscribe: str
    preferences: str

    def of(self, link: LinkToken) -> str:
        """The token that stands at `link`."""
        token: str = getattr(self, link.value)
        return token


@dataclass(frozen=True, slots=True)
class LinkedLanguage:
    """A compiled language whose addresses are resolved but for their tokens.

    In each of its three no two strings follow one another, and none is empty.
    """

    subject: tuple[LinkedPiece, ...]
    html: tuple[LinkedPiece, ...]
    text: tuple[LinkedPiece, ...]


def link_pages(compiled: CompiledLanguage, base_url: str) -> LinkedLanguage:
    """Resolves the address slots of `compiled` to pages of the public site.

    `base_url` is the site's, without a slash at its end. A page whose slot names no language is in
    the mail's first.
    """

    def linked(pieces: Iterable[Piece]) -> tuple[LinkedPiece, ...]:
        found = (one for piece in pieces for one in _link(piece, base_url, compiled.languages[0]))
        return tuple(_joined(found))

    return LinkedLanguage(linked(compiled.subject), linked(compiled.html), linked(compiled.text))


def link_for_anybody(
    pieces: Sequence[LinkedPiece],
    address: Callable[[LinkToken, str], str],
    reader: Callable[[str | None], str],
) -> tuple[LinkedPiece, ...]:
    """The pieces with another address for each that ends in a token, and words for the reader's, so
    that nothing in them is one reader's.

    `address` gives it for what the link opens and the language of the page that it leads to; it
    must need no escaping. `reader` says who the mail went to in the language of the next link after
    that place, None after the last: in a stacked mail each language names its own.
    """
    found: list[LinkedPiece] = []  # the last one first
    link, language = None, None
    for piece in reversed(pieces):
        if isinstance(piece, LinkToken):
            link = piece
            _cut_anchor(found)
        elif link is not None:
            before, language = _before_token(piece)
            found += (address(link, language), before)
            link = None
        elif isinstance(piece, WordSlot) and piece.name == "email":
            found.append(WordSlot(piece.name, piece.fallback or reader(language)))
        else:
            found.append(piece)
    return tuple(_joined(reversed(found)))


def one_click_address(base_url: str) -> str:
    """The address that unsubscribes in one click (RFC 8058), up to the token."""
    return f"{base_url}/u/"


def _before_token(piece: LinkedPiece) -> tuple[str, str]:
    """What stands before the address that the piece ends in, and the language of that."""
    text = str(piece)
    link = _BEFORE_TOKEN.search(text, max(0, text.rfind("https://")))
    if link is None:
        raise ValueError("a token that ends no address of ours")
    return text[: link.start()], link["language"]


def _cut_anchor(found: list[LinkedPiece]) -> None:
    """Takes from the text after a token what points into one reader's page, if anything does."""
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].removeprefix(_PAGES["why"][1])


def _link(piece: Piece, base_url: str, language: str) -> tuple[LinkedPiece, ...]:
    if not isinstance(piece, Slot):
        return (piece,)
    if piece.name not in _PAGES:
        return (WordSlot(piece.name, piece.fallback),)
    token, anchor = _PAGES[piece.name]
    return f"{base_url}/{piece.language or language}/{token.value}/", token, anchor


def _joined(pieces: Iterable[LinkedPiece]) -> Iterator[LinkedPiece]:
    for is_text, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if not is_text:
            yield from group
        elif text := "".join(map(str, group)):
            yield text
