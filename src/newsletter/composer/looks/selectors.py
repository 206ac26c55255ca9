"""Selectors of CSS, as far as mails use them: elements, classes, and what they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_PART = re.compile(r"([a-z][a-z0-9]*|\*|:root)?((?:\.[a-z_-][\w-]*)*)")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where selectors find an element: its name, its classes, both in small letters, and the spot
    of the element that it stands in, None for the root."""

    tag: str
    classes: frozenset[str]
    parent: Spot | None


@dataclass(frozen=True, slots=True)
class _Part:
    """What one element must be; `is_child` when it stands directly in the part before it."""

    tag: str
    classes: frozenset[str]
    is_child: bool

    def fits(self, spot: Spot) -> bool:
        return self.tag in ("", spot.tag) and self.classes <= spot.classes


@dataclass(frozen=True)
class Selector:
    """A selector: its parts from the innermost outwards."""

    parts: tuple[_Part, ...]

    @property
    def key(self) -> str:
        """A class, as `.name`, or an element, without which it never fits; "" when it may."""
        innermost = self.parts[0]
        return f".{min(innermost.classes)}" if innermost.classes else innermost.tag

    @cached_property
    def specificity(self) -> tuple[int, int]:
        """How many classes it names, and how many elements: the greater wins."""
        classes = sum(len(part.classes) for part in self.parts)
        return classes, sum(part.tag != "" for part in self.parts)

    def fits(self, spot: Spot) -> bool:
        """Whether it selects the element there."""
        return self.parts[0].fits(spot) and _fits_around(self.parts, spot)


@lru_cache(maxsize=512)
def read_selector(text: str) -> Selector | None:
    """The selector `text`, in small letters; None for one of another kind, such as `a:hover`."""
    parts: list[_Part] = []
    is_child = False
    for word in text.replace(">", " > ").split():
        if word == ">":
            is_child = True
            continue
        found = _PART.fullmatch(word)
        if found is None:
            return None
        tag = {"*": "", ":root": "html", None: ""}.get(found[1], found[1])
        parts.append(_Part(tag, frozenset(found[2].split(".")[1:]), is_child))
        is_child = False
    return Selector(tuple(reversed(parts))) if parts else None


def _fits_around(parts: tuple[_Part, ...], spot: Spot) -> bool:
    """Whether the parts behind the first fit what stands around `spot`, which fits the first."""
    if len(parts) == 1:
        return True
    around = spot.parent
    while around is not None:
        if parts[1].fits(around) and _fits_around(parts[1:], around):
            return True
        around = None if parts[0].is_child else around.parent
    return False
