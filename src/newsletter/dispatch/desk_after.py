"""A desk at which something else is seen to before each turn."""

from __future__ import annotations

from collections.abc import Callable

from newsletter.dispatch.turn_taking import Desk
from newsletter.dispatch.turns import Answer, Turn


class DeskAfter:
    """Does `first`, then takes the turn at `desk`: whoever is to be left out because of it is not
    claimed. When `first` raises DatabaseBusy nothing of the turn was done, as when the desk does.
    """

    def __init__(self, desk: Desk, first: Callable[[], object]) -> None:
        self._desk = desk
        self._first = first

    def take(self, turn: Turn) -> Answer:
        """Takes the turn; raises what `first` and the desk do."""
        self._first()
        return self._desk.take(turn)
