"""Being asked to stop: what is in flight is finished, nothing new begins (S14)."""

from __future__ import annotations

from collections.abc import Callable


class Stopping:
    """A switch that somebody else may turn, from a signal's handler too."""

    def __init__(self) -> None:
        self.is_asked = False
        self._listeners: list[Callable[[], None]] = []

    def ask(self) -> None:
        """Asks for the stop; asking again changes nothing."""
        self.is_asked = True
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Has `listener` called at the moment of asking; it must return at once."""
        self._listeners.append(listener)
