"""Lines about how things stand, said when that changes and not at every look."""

from __future__ import annotations

from collections.abc import Iterable


class ChangedLines:
    """Remembers what held at the last look."""

    def __init__(self) -> None:
        self._held: frozenset[str] = frozenset()

    def news(self, lines: Iterable[str]) -> list[str]:
        """Those of the lines that did not hold at the last look, in order; these hold now."""
        now = tuple(dict.fromkeys(lines))
        new = [line for line in now if line not in self._held]
        self._held = frozenset(now)
        return new

    @property
    def any_held(self) -> bool:
        """Whether anything held at the last look."""
        return bool(self._held)
