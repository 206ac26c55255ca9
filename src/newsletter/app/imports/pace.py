"""How large a slice is, and how long others get between two of them.

A slice holds the database's one write lock. It is as large as the machine merges in a few
milliseconds, and after it the import rests, so that a reader who unsubscribes meanwhile is served
between two slices (dispatch notes, section 4: who writes without a rest starves all others).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter, sleep
from typing import TypeVar

T = TypeVar("T")

_HOLD = 0.003
"""Seconds that a slice should hold the lock."""
_LEAST, _MOST = 20, 500
_REST = 0.3
"""Of the time that the lock was held."""
_LEAST_REST = 0.001


class Pace:
    """The size of slices, which follows the time that they take."""

    def __init__(self, rest: Callable[[float], object] = sleep) -> None:
        self._rest = rest
        self._size = 100
        self._held = 0.0

    def slices(self, people: Iterable[T]) -> Iterator[list[T]]:
        """The people in lists of the size that is right at the moment."""
        current: list[T] = []
        for one in people:
            current.append(one)
            if len(current) >= self._size:
                yield current
                current = []
        if current:
            yield current

    @contextmanager
    def holding(self, number: int) -> Iterator[None]:
        """Measures the time that `number` people hold the lock for."""
        began = perf_counter()
        yield
        held = perf_counter() - began
        right = number * _HOLD / max(held, 1e-6)
        # Half of the way each time: one slow commit does not make all the following ones tiny.
        self._size = round(min(max((self._size + right) / 2, _LEAST), _MOST))
        self._held = held

    def rest(self) -> None:
        """Lets others write."""
        self._rest(max(self._held * _REST, _LEAST_REST))
