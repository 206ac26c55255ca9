"""Things that never change, kept in memory as long as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Thing = TypeVar("_Thing")


class Kept(Generic[_Key, _Thing]):
    """At most `most` things by their keys; the one not asked for for longest goes first.

    Threads may share it; two that ask for the same new thing at once may both make it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[_Key, _Thing] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key, make: Callable[[], _Thing]) -> _Thing:
        """What is kept under `key`, made first when there is nothing."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        # Outside of the lock: making it may take a while.
        made = make()
        with self._lock:
            self._things[key] = made
            self._things.move_to_end(key)
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        return made
