"""Phrases of a word list, found in texts of small letters with straight apostrophes."""

from __future__ import annotations

import re
from functools import cache

_NEVER = re.compile(r"(?!)")


@cache
def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the first of `phrases` as whole words; nothing when there are none."""
    return re.compile(rf"\b{one_of(phrases)}(?!\w)") if phrases else _NEVER


def one_of(phrases: tuple[str, ...]) -> str:
    """A group that matches one of `phrases`, the longest first, for a bigger expression."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(one) for one in longest_first)})"
