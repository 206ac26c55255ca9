"""One file's faults, gathered so that its author meets all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from newsletter.domain.errors import Fault, FaultyFile
from newsletter.domain.suggestions import nearest


class Faults:
    """The faults found so far in one file; `file` is as the person named it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Fault] = []

    def add(self, line: int | None, message: str, cure: str | None = None) -> None:
        """Note one fault at `line`, counted from 1, or None for the whole file."""
        self._found.append(Fault(self.file, line, message, cure))

    def stop(self, line: int | None, message: str, cure: str | None = None) -> NoReturn:
        """Note a fault that cannot be read past, and raise `FaultyFile` with all found so far."""
        self.add(line, message, cure)
        raise FaultyFile(self._in_order())

    def raise_if_any(self) -> None:
        """Raise `FaultyFile` with every fault, in the order of the file's lines."""
        if self._found:
            raise FaultyFile(self._in_order())

    def _in_order(self) -> list[Fault]:
        return sorted(self._found, key=lambda fault: fault.line or 0)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The cure for a word that is not known: the nearest known one, or all of them."""
    choices = list(known)
    meant = nearest(word, choices)
    return f'did you mean "{meant}"?' if meant else f"use one of: {', '.join(choices)}"
