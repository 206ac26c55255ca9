"""JSON as it is kept in a column."""

from __future__ import annotations

import json


def compact_json(value: object) -> str:
    """`value` in as few characters as may be; letters stay letters, so that people can read them.

    The same text on every database, so that equal values are equal texts. A NUL becomes an escape.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
