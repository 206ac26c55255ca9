"""How a sender's turns at the ledger are taken without keeping its connections waiting."""

from __future__ import annotations

import asyncio
from typing import Protocol

from newsletter.dispatch.turns import Answer, Turn
from newsletter.domain.errors import DatabaseBusy

_PATIENCE = 10.0
_BETWEEN_LOOKS = 0.001
"""Seconds."""


class Desk(Protocol):
    """Where a turn is taken in one transaction."""

    def take(self, turn: Turn) -> Answer:
        """Records what the turn says and takes on what it wants; raises DatabaseBusy."""
        ...


class TakesTurns(Protocol):
    """Whoever takes a sender's turns."""

    async def take(self, turn: Turn) -> Answer:
        """Takes the turn; raises DatabaseBusy after ten seconds in which others had theirs."""
        ...


class InThread:
    """For a server, which answers after a while: the connections go on meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def take(self, turn: Turn) -> Answer:
        """Takes the turn in a thread."""
        return await asyncio.to_thread(self._desk.take, turn)


class InLoop:
    """For a file, which is there: a transaction of a few hundred rows is over before a thread would
    have had its turn at Python's lock for each of them, and nobody who wants to leave waits for
    that. `desk` is to give up at once when another has the write lock."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def take(self, turn: Turn) -> Answer:
        """Takes the turn as soon as the write lock is free."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + _PATIENCE
        while True:
            try:
                return self._desk.take(turn)
            except DatabaseBusy:  # at its beginning: nothing was done yet
                if clock() > deadline:
                    raise
            await asyncio.sleep(_BETWEEN_LOOKS)
