"""Which tags are open, and what is wrong with how they are closed.

The engine closes whatever is open at any end tag, by any name: `<mj-raw><div></mj-raw>` swallows
all that follows it, without a word.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.composer.markup.markup_problem import MarkupCase, Trap
from newsletter.composer.markup.nesting import MOST_NESTED

Found = Iterable[tuple[int, Trap]]
"""Traps, each with its position in the text that was given."""


class OpenTags:
    """The tags that are open at one point of a text, within `depth` others."""

    def __init__(self, depth: int = 0) -> None:
        self._most = MOST_NESTED - depth
        self._open: list[tuple[str, int]] = []

    def __len__(self) -> int:
        """How many of the text’s own tags are open."""
        return len(self._open)

    @property
    def innermost(self) -> str | None:
        """The name of the tag opened last, or None when none is open."""
        return self._open[-1][0] if self._open else None

    def open(self, name: str, position: int) -> Found:
        """Note a start tag; a trap when it is the first that is nested too deep."""
        self._open.append((name, position))
        return [(position, _TOO_DEEP)] if len(self._open) == self._most + 1 else ()

    def close(self, name: str, position: int) -> Found:
        """Note an end tag; traps for what it leaves unclosed, or when it closes nothing."""
        if self.innermost == name:
            self._open.pop()
            return ()
        if all(name != other for other, _ in self._open):
            return [(position, _unopened(name))]
        crossed = []
        while (last := self._open.pop())[0] != name:
            crossed.append((last[1], unclosed(last[0])))
        return crossed

    def left(self) -> Found:
        """Traps for all that is open still, at the end of the text."""
        return [(position, unclosed(name)) for name, position in self._open]


def unclosed(name: str) -> Trap:
    """What is said of a tag that is never closed, or across another."""
    return Trap(
        MarkupCase.UNBALANCED,
        f"<{name}> is not closed where it should be.",
        f"Write </{name}> before the end of what holds it: MJML minds no names of end tags.",
    )


def _unopened(name: str) -> Trap:
    return Trap(
        MarkupCase.UNBALANCED,
        f"</{name}> closes what is not open.",
        f"Remove it, or open <{name}> before it. A tag such as <br> is not closed.",
    )


_TOO_DEEP = Trap(
    MarkupCase.DEEP_NESTING,
    f"More than {MOST_NESTED} tags are nested in one another.",
    "Close what is open, and nest fewer: thousands end the MJML engine.",
)
