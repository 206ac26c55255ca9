"""Small changes that many people ask for at once, carried out in transactions that they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.engine import writing
from newsletter.storage.schema_version import require_current_here

_Came = TypeVar("_Came")

_MOST = 64
"""Changes of one transaction: a sender who wants its turn waits for no more than these."""


class Together:
    """Carries out what the threads of the pages' server ask for.

    A commit waits for the disk, and the next one for that: those who come meanwhile are done
    together in the one after, at the price of a single wait. Whoever has the turn does it for all
    who wait, so that there is no thread of its own to look after.
    """

    def __init__(self, engine: Engine, *, patience: float) -> None:
        """Whoever waits longer than `patience` seconds for the database is told that it is busy;
        `waiting` are the changes of those whose turn has not come."""
        self._engine = engine
        self._patience = patience
        self.waiting: list[_Change[Any]] = []
        self._has_changed = Condition()
        self._is_at_it = False

    def __call__(self, change: Callable[[Connection], _Came]) -> _Came:
        """What `change` gives, which is on the disk by then, or nothing of it.

        Raises what it raises, DatabaseBusy, SchemaMismatch and SurroundingsFailed. It may be called
        a second time, in another transaction, when a change beside it fails.
        """
        own = _Change(change)
        with self._has_changed:
            self.waiting.append(own)
        while changes := self._next(own):
            try:
                self._carry_out(changes)
            finally:
                self._leave_turn()
        return own.came()

    def _next(self, own: _Change[Any]) -> Sequence[_Change[Any]]:
        """What is to be carried out by whoever waits for `own`; nothing when that is done."""
        with self._has_changed:
            # All who are done go at once: each waits for nothing but its own change.
            self._has_changed.wait_for(lambda: own.is_done or not self._is_at_it)
            if own.is_done:
                return ()
            self._is_at_it = True
            changes, self.waiting = self.waiting[:_MOST], self.waiting[_MOST:]
            return changes

    def _leave_turn(self) -> None:
        with self._has_changed:
            self._is_at_it = False
            self._has_changed.notify_all()

    def _carry_out(self, changes: Sequence[_Change[Any]]) -> None:
        try:
            with writing(self._engine, patience=self._patience) as connection:
                require_current_here(connection)
                came = [one.make(connection) for one in changes]
        except SurroundingsFailed as error:
            for one in changes:
                one.fails(error)
        except Exception as error:  # one change's fault, which its own thread is to hear of
            self._apart(changes, error)
        else:
            for one, its in zip(changes, came, strict=True):
                one.is_made(its)

    def _apart(self, changes: Sequence[_Change[Any]], error: Exception) -> None:
        """One of them is at fault, and the others are not to suffer for it."""
        if len(changes) == 1:
            changes[0].fails(error)
            return
        for one in changes:
            self._carry_out([one])


class _Change(Generic[_Came]):
    """What one thread waits for."""

    def __init__(self, make: Callable[[Connection], _Came]) -> None:
        self.make = make
        self.is_done = False
        self._came: list[_Came] = []
        self._error: Exception | None = None

    def is_made(self, came: _Came) -> None:
        self._came.append(came)
        self.is_done = True

    def fails(self, error: Exception) -> None:
        self._error = error
        self.is_done = True

    def came(self) -> _Came:
        if self._error is not None:
            raise self._error
        return self._came[0]
