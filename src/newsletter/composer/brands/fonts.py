"""Font stacks: fonts that readers have, ending in a family that every reader has."""

from __future__ import annotations

import re

from newsletter.composer.sources.faults import Faults

STACKS = {
    "sans": "Arial, Helvetica, sans-serif",
    "humanist": "Verdana, Geneva, sans-serif",
    "friendly": "'Trebuchet MS', Verdana, Geneva, sans-serif",
    "serif": "Georgia, 'Times New Roman', serif",
}
"""Stacks that an author may name instead of writing one: all of their fonts come with Windows or
macOS, and none is fetched from anywhere (H14)."""

_GENERIC = ("sans-serif", "serif", "monospace")

# The stack stands inside style attributes: nothing that could end one, or fetch a font.
_FONT_STACK = re.compile(r"[A-Za-z0-9 ,'-]+")


def read_fonts(value: object, key: str, default: str, faults: Faults) -> str:
    """The stack that `value` names or spells, `default` when it is None, or with a fault."""
    if value is None:
        return default
    if isinstance(value, str) and value in STACKS:
        return STACKS[value]
    if not isinstance(value, str) or not _FONT_STACK.fullmatch(value):
        named = ", ".join(STACKS)
        cure = f'write {key} = "{STACKS["sans"]}", or one of {named}'
        faults.add(None, f"{key}: {value!r} is not a list of fonts", cure)
    elif value.rpartition(",")[2].strip() not in _GENERIC:
        cure = f"end with one of {', '.join(_GENERIC)}, for readers who have none of the others"
        faults.add(None, f'{key}: "{value}" does not end in a family that everybody has', cure)
    else:
        return value
    return default
