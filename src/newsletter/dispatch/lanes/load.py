"""What is under way by one lane, and how much went there lately. Each message is counted, so that
this costs next to nothing."""

from __future__ import annotations

_MINUTE = 60
_MOST_KEPT = 2 * _MINUTE
_ENOUGH = 2


class Load:
    """The load of one lane; moments are whole seconds of any clock."""

    __slots__ = ("_by_second", "under_way")

    def __init__(self) -> None:
        self.under_way = 0
        self._by_second: dict[int, int] = {}

    def begins(self, second: int) -> None:
        """One more is under way."""
        self.under_way += 1
        counts = self._by_second
        counts[second] = counts.get(second, 0) + 1
        if len(counts) > _MOST_KEPT:
            self._by_second = {at: n for at, n in counts.items() if second - at < _MINUTE}

    def ends(self) -> None:
        """One has come to its end."""
        self.under_way -= 1

    def abandons(self) -> None:
        """One was not tried after all."""
        self.under_way -= 1
        if self._by_second:
            second, number = self._by_second.popitem()
            self._by_second[second] = number - 1

    def lately(self, second: int) -> float:
        """How many began in a second, over the last minute."""
        began = sum(number for at, number in self._by_second.items() if second - at < _MINUTE)
        return began / _MINUTE

    def pace(self, second: int) -> float | None:
        """How many begin in a second, over the last minute or since the first of them; None while
        that is no two seconds ago."""
        lately = {at: number for at, number in self._by_second.items() if second - at < _MINUTE}
        span = second - min(lately, default=second)
        return sum(lately.values()) / span if span >= _ENOUGH else None

    def is_idle(self, second: int) -> bool:
        """Whether there is nothing to know of it any more."""
        return not self.under_way and not self.lately(second)
