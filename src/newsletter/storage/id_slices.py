"""Ids by the thousand: a statement takes only so many values."""

from __future__ import annotations

from collections.abc import Collection, Iterator

_MOST = 1000
"""Databases allow some ten thousand values in a statement, and are fast with far fewer."""


def id_slices(ids: Collection[int]) -> Iterator[list[int]]:
    """The ids in ascending order, as many at a time as one statement may name."""
    listed = sorted(ids)
    for start in range(0, len(listed), _MOST):
        yield listed[start : start + _MOST]
