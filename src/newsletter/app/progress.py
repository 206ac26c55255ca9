"""How far a long piece of work is, for whoever watches."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told how far a long piece of work is."""

    def phase(self, words: str, total: int | None) -> None:
        """Another part of the work begins, of `total` units, or nobody knows how many."""
        ...

    def at(self, done: int) -> None:
        """So many of them are done."""
        ...


class NoProgress:
    """Nobody watches."""

    def phase(self, words: str, total: int | None) -> None:
        """Says nothing."""

    def at(self, done: int) -> None:
        """Says nothing."""
