"""How deep the tags of a markup are nested.

The MJML engine goes down once for each level, and the process dies where its stack ends: at 20,000
levels, or at some hundred in the small stack of a thread. No mail needs a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

MOST_NESTED = 100
"""The most tags that may be open at once."""

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"}
    | {"source", "track", "wbr"}
)
"""The HTML tags that hold nothing and are never closed."""

_STEP = re.compile(
    rf'<(/?)(?!(?i:{"|".join(sorted(VOID))})\b)[A-Za-z](?:[^<>"]++|"[^"]*+")*+(?<!/)>'
)
_DEPTH = {"": 1, "/": -1}


def too_deep_at(markup: str) -> int | None:
    """The position of the first tag that is nested too deep, or None when none is."""
    if max(_depths(_STEP.findall(markup)), default=0) <= MOST_NESTED:
        return None
    tags = list(_STEP.finditer(markup))
    depths = _depths(tag[1] for tag in tags)
    return next(tag.start() for tag, depth in zip(tags, depths, strict=True) if depth > MOST_NESTED)


def _depths(slashes: Iterator[str] | list[str]) -> Iterator[int]:
    return accumulate(map(_DEPTH.__getitem__, slashes))
