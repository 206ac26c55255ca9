"""What is wrong with a rule, and at which column."""

from __future__ import annotations

import re

from newsletter.domain.control_characters import CONTROLS, SURROGATES
from newsletter.domain.errors import BadInput

UNREADABLE = re.compile(f"[{CONTROLS}{SURROGATES}]")
"""What no rule may hold: nobody could see it, or no database keep it."""

_SHOWN = 72
"""Characters of a rule that are shown around the place of a fault."""


class RuleError(BadInput):
    """A rule that cannot be read: `column` is that of the fault, counted from 1."""

    def __init__(self, text: str, column: int, fault: str, *, cure: str | None = None) -> None:
        self.column = column
        super().__init__(f"column {column}: {fault}\n{_pointed_at(text, column)}", cure=cure)


def _pointed_at(text: str, column: int) -> str:
    """The rule, or what of it is around the place, and a caret under the place."""
    start = max(0, column - 1 - _SHOWN // 2) if len(text) > _SHOWN else 0
    shown = UNREADABLE.sub(" ", text[start : start + _SHOWN])
    return f"  {shown}\n  {' ' * (column - 1 - start)}^"
