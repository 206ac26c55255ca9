"""An address as somebody typed it into a form of ours."""

from __future__ import annotations

from newsletter.domain.errors import BadAddress
from newsletter.mail.addresses import parse_address

LONGEST = 320
"""Characters; no address is longer, and a page that is shown again stays small."""


def address_faults(typed: str, *, missing: str) -> dict[str, str]:
    """What is wrong with it, the key of the words by the field: `missing` when nothing was
    typed."""
    if not typed:
        return {"address": missing}
    try:
        parse_address(typed)
    except BadAddress:
        return {"address": "address_wrong"}
    return {}
