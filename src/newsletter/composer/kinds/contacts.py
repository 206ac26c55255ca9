"""Mailboxes and phone numbers as authors write them, and the links that open them."""

from __future__ import annotations

from urllib.parse import quote

from newsletter.composer.kinds.kinds import FieldType

_PLAIN_IN_ADDRESS = "!$'*+@"
"""What a mailto link holds as it is, beside letters and digits (RFC 6068 section 2)."""


def contact_url(kind: FieldType, written: str) -> str:
    """The link that an `email` or `phone` field makes: `mailto:…` or `tel:…`, whatever is written.

    A number loses its spaces, and the (0) that is not dialled behind a country's code; brackets and
    hyphens may stay (RFC 3966 section 3).
    """
    if kind is FieldType.EMAIL:
        return f"mailto:{quote(written, safe=_PLAIN_IN_ADDRESS)}"
    return f"tel:{quote(''.join(written.split()).replace('(0)', ''), safe='+()*')}"
