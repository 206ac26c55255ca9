"""How large a file is, as authors write it: `1.4 MB`, `350 kB`."""

from __future__ import annotations

import re
from decimal import Decimal

_SIZE = re.compile(r"(\d{1,4}(?:\.\d)?) ?(kB|KB|MB|GB)")


def read_size(text: str) -> tuple[Decimal, str] | None:
    """The number and its unit; None for what is no size."""
    found = _SIZE.fullmatch(text)
    return (Decimal(found[1]), found[2].replace("KB", "kB")) if found else None
