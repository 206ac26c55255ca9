"""What a person may have meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The known word most like `word`, or None when none is like it.

    `likeness` is the least that counts, from 0 (anything) to 1 (the very same).
    """
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=likeness)), None)
