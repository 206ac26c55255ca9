"""The looks of a mail's elements: the colours and sizes that all styles together come to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from newsletter.composer.looks.css import Declarations, Declared, read_declarations
from newsletter.composer.looks.selectors import Spot
from newsletter.composer.looks.sheets import Sheet
from newsletter.composer.looks.values import colour_on, pixels

_BROWSERS_OWN = {
    tag: read_declarations(style)
    for tag, style in {
        "a": "color:#0000ee;text-decoration:underline",
        "b": "font-weight:bold",
        "h1": "font-size:2em;font-weight:bold",
        "h2": "font-size:1.5em;font-weight:bold",
        "h3": "font-size:1.17em;font-weight:bold",
        "h4": "font-weight:bold",
        "script": "display:none",
        "small": "font-size:smaller",
        "strong": "font-weight:bold",
        "style": "display:none",
        "th": "font-weight:bold",
        "u": "text-decoration:underline",
    }.items()
}
"""How browsers show elements of which no style says anything."""

_SIZES = {"x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_NORMAL_LINES = 1.2
_NO_GROUND = frozenset({"transparent", "inherit", "initial", "unset", "none"})
_SAME_COLOUR = frozenset({"inherit", "currentcolor", "unset"})
_BOLD = frozenset({"bold", "bolder", "700", "800", "900"})
_HIDING = frozenset(
    {("display", "none"), ("visibility", "hidden"), ("opacity", "0"), ("max-height", "0")}
    | {("max-height", "0px"), ("mso-hide", "all")}
)


@dataclass(frozen=True, slots=True)
class Shade:
    """A text's colour and what is behind it, as `#rrggbb`; None for what is not known."""

    colour: str | None
    ground: str | None


@dataclass(frozen=True, slots=True)
class Lines:
    """How high a text's lines are: so many CSS pixels, or so many times the size of its letters."""

    number: float
    is_factor: bool


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """How elements look, one for all that look alike and stand alike.

    `day` and `night` are the colours by day and on a dark screen, `size` that of the letters in CSS
    pixels. `padding` is the space above and below the words together, which counts as part of a
    link that is a block of its own.
    """

    spot: Spot
    parent: Look | None
    day: Shade
    night: Shade
    size: float
    lines: Lines
    padding: float
    is_bold: bool
    is_underlined: bool
    is_justified: bool
    is_hidden: bool

    @property
    def line_height(self) -> float:
        """The height of a line in CSS pixels."""
        return self.lines.number * self.size if self.lines.is_factor else self.lines.number


class Written(NamedTuple):
    """What an element itself says of its look: its class and style, and the older attributes
    `bgcolor` and `background`."""

    tag: str
    class_: str
    style: str
    ground: str
    image: str


_BLANK = Look(
    spot=Spot("", frozenset(), None),
    parent=None,
    day=Shade("#000000", "#ffffff"),
    night=Shade("#000000", "#ffffff"),
    size=16.0,
    lines=Lines(_NORMAL_LINES, is_factor=True),
    padding=0.0,
    is_bold=False,
    is_underlined=False,
    is_justified=False,
    is_hidden=False,
)
"""The page on which everything stands."""


@lru_cache(maxsize=8192)
def look_of(written: Written, parent: Look | None, sheet: Sheet) -> Look:
    """The look of an element that stands in one of the look `parent`, None for the root."""
    spot = Spot(
        written.tag, frozenset(written.class_.lower().split()), parent.spot if parent else None
    )
    own = read_declarations(written.style)
    around = parent or _BLANK
    by_day = {**_base(written), **sheet.given(spot, own, dark=False)}
    at_night = {**_base(written), **sheet.given(spot, own, dark=True)}
    said = {name: one.value for name, one in by_day.items()}
    size = _size(said.get("font-size", ""), around.size)
    return Look(
        spot=spot,
        parent=parent,
        day=_shade(by_day, around.day),
        night=_shade(at_night, around.night),
        size=size,
        lines=_lines(said.get("line-height", ""), size, around.lines),
        padding=_padding(said),
        is_bold=_is_bold(said.get("font-weight", ""), around),
        is_underlined=_is_underlined(said, around),
        is_justified=_is_justified(said.get("text-align", ""), around),
        is_hidden=around.is_hidden or not _HIDING.isdisjoint(said.items()),
    )


def _base(written: Written) -> Declarations:
    """What holds where no style says otherwise."""
    found = dict(_BROWSERS_OWN.get(written.tag, {}))
    if written.ground:
        found["background-color"] = Declared(written.ground.lower())
    if written.image:
        found["background-image"] = Declared(f"url({written.image})")
    return found


def _shade(said: Declarations, around: Shade) -> Shade:
    ground, colour = around.ground, around.colour
    if "background-color" in said and said["background-color"].value not in _NO_GROUND:
        ground = colour_on(said["background-color"].value, ground)
    if "background-image" in said and said["background-image"].value not in _NO_GROUND:
        ground = None
    if "color" in said and said["color"].value not in _SAME_COLOUR:
        colour = colour_on(said["color"].value, ground)
    return Shade(colour, ground)


def _size(value: str, around: float) -> float:
    if value in ("smaller", "larger"):
        return around / 1.2 if value == "smaller" else around * 1.2
    if value in _SIZES:
        return _SIZES[value]
    found = pixels(value, around)
    return around if found is None else found


def _lines(value: str, size: float, around: Lines) -> Lines:
    if value == "normal":
        return Lines(_NORMAL_LINES, is_factor=True)
    if value.replace(".", "", 1).isdecimal():
        return Lines(float(value), is_factor=True)
    height = pixels(value, size)
    return around if height is None else Lines(height, is_factor=False)


def _padding(said: dict[str, str]) -> float:
    if said.get("display", "inline") == "inline":
        return 0.0
    sides = said.get("padding", "0").split() or ["0"]
    above = said.get("padding-top", sides[0])
    below = said.get("padding-bottom", sides[2] if len(sides) > 2 else sides[0])
    return (pixels(above, 0) or 0) + (pixels(below, 0) or 0)


def _is_bold(value: str, around: Look) -> bool:
    return value in _BOLD if value and value != "inherit" else around.is_bold


def _is_underlined(said: dict[str, str], around: Look) -> bool:
    # The line of an outer element runs on under what is in it, whatever that says.
    line = said.get("text-decoration", "") + said.get("text-decoration-line", "")
    return around.is_underlined or "underline" in line


def _is_justified(value: str, around: Look) -> bool:
    return value == "justify" if value and value != "inherit" else around.is_justified
