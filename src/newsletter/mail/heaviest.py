"""How large a mail's HTML can get, for the checks: Gmail cuts off what is too long for it (H12).

A slot counts as its longest realistic value. The bounds stand here and nowhere else.
"""

from __future__ import annotations

import html

from newsletter.domain.compiled import CompiledLanguage
from newsletter.domain.people import LONGEST_NAME
from newsletter.mail.page_links import TOKEN_LENGTH, LinkedPiece, LinkToken, link_pages

_LONGEST_EMAIL = 254
"""Octets of an address (RFC 5321 section 4.5.3.1.3, without its angle brackets)."""
_OCTETS_PER_LETTER = 2
"""Of the letters of European names beyond ASCII, in UTF-8."""


def heaviest_html(compiled: CompiledLanguage, base_url: str) -> int:
    """Octets of the HTML in UTF-8, decoded, when every slot takes its longest realistic value.

    A token has its one length, an e-mail address the most that SMTP allows, a name and any other
    word as many letters as a name may have. `base_url` is the public site's, as for `link_pages`.
    """
    return sum(_octets(piece) for piece in link_pages(compiled, base_url).html)


def _octets(piece: LinkedPiece) -> int:
    if isinstance(piece, str):
        return len(piece.encode())
    if isinstance(piece, LinkToken):
        return TOKEN_LENGTH
    longest = _LONGEST_EMAIL if piece.name == "email" else LONGEST_NAME * _OCTETS_PER_LETTER
    return max(longest, len(html.escape(piece.fallback).encode()))
