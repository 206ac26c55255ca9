"""Being asked to stop: what is in flight is finished, nothing new begins (S14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopping:
    """A switch that somebody else may turn, from a signal's handler too."""

    def __init__(self) -> None:
        self.is_asked = False
        self._listeners: list[Callable[[], object]] = []

    def ask(self) -> None:
        """Asks for the stop; asking again changes nothing."""
        if self.is_asked:
            return
        self.is_asked = True
        for listener in self._listeners:
            listener()

    @contextmanager
    def telling(self, listener: Callable[[], object]) -> Iterator[None]:
        """Has `listener` called if it is asked for during the block; it must return at once."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)
