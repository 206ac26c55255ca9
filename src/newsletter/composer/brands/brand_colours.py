"""The colours of a brand: what each is for, and what must be readable on what, by day and by night.

`page` lies behind the mail and `surface` under its words; `heading`, `text` and `link` stand on the
surface and on `tint`, the ground of panels; `band` is the masthead with `band_text` on it; `accent`
marks edges; `muted` is small text, also on the page, and `line` the rules between sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.composer.brands.contrast import AA_TEXT, contrast_ratio
from newsletter.composer.brands.nearest_colour import nearest_readable
from newsletter.composer.sources.faults import Faults, did_you_mean

ROLES = (
    "page",
    "surface",
    "text",
    "heading",
    "band",
    "band_text",
    "accent",
    "link",
    "button",
    "button_text",
    "muted",
    "line",
    "tint",
)
"""Every colour by its name."""

HUES = ("heading", "band_text", "accent", "link", "button", "button_text")
"""The colours by which a brand is known; the others are grounds and plain text."""

AA_GRAPHICS = 3.0
"""The least ratio for what is not text but must be seen: success criterion 1.4.11, level AA."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours that templates put on each other, and the least contrast they need."""

    front: str
    ground: str
    least: float = AA_TEXT


PAIRS = (
    Pair("text", "surface"),
    Pair("text", "tint"),
    Pair("heading", "surface"),
    Pair("heading", "tint"),
    Pair("link", "surface"),
    Pair("link", "tint"),
    Pair("muted", "surface"),
    Pair("muted", "page"),
    Pair("muted", "tint"),
    Pair("band_text", "band"),
    Pair("button", "surface", AA_GRAPHICS),
    Pair("button_text", "button"),
)
"""Where the templates put words, and buttons, on what; no ground is fitted after what is on it."""

_AT_NIGHT = {"heading": 9.0}
"""What headings get beyond the least, or they would look like links, which are as dark by day."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def read_colours(
    table: object, path: str, defaults: Mapping[str, str], faults: Faults
) -> dict[str, str]:
    """All colours, those of `table` before the `defaults`, in small letters.

    `path` names the table. Notes in `faults` an unknown name and a colour that is not `#rrggbb`;
    the values are then of no use.
    """
    if not isinstance(table, dict):
        cure = f'write [{path}] and below it band = "#14365d"'
        faults.add(None, f"{path}: this is not a table", cure)
        return dict(defaults)
    given = {name: colour for name, colour in table.items() if _is_fit(name, colour, path, faults)}
    return {**defaults, **{name: str(colour).lower() for name, colour in given.items()}}


def refuse_unreadable(colours: Mapping[str, str], path: str, faults: Faults) -> None:
    """Notes each pair that cannot be read, with its ratio and the nearest colour that can."""
    for pair in _unreadable(colours):
        front, ground = colours[pair.front], colours[pair.ground]
        # Rounded down: 4.496 must not be shown as the 4.5 that is asked for.
        ratio = int(contrast_ratio(front, ground) * 100) / 100
        better = nearest_readable(front, ground, pair.least)
        message = f"{pair.front} {front} on {pair.ground} {ground} has a contrast of only {ratio}:1"
        cure = f'{pair.least:g}:1 is the least (WCAG 2.2); the nearest is {pair.front} = "{better}"'
        faults.add(None, f"{path}: {message}", cure)


def at_night(colours: Mapping[str, str], dark: Mapping[str, str]) -> dict[str, str]:
    """The whole dark palette: `dark` where it says, else the colours by day, lightened or darkened
    until they can be read on its grounds."""
    palette = {**colours, **dark}
    for pair in PAIRS:
        if pair.front not in dark:
            least = max(pair.least, _AT_NIGHT.get(pair.front, 0))
            palette[pair.front] = nearest_readable(palette[pair.front], palette[pair.ground], least)
    return palette


def _unreadable(colours: Mapping[str, str]) -> Iterator[Pair]:
    for pair in PAIRS:
        if contrast_ratio(colours[pair.front], colours[pair.ground]) < pair.least:
            yield pair


def _is_fit(name: str, colour: object, path: str, faults: Faults) -> bool:
    if name not in ROLES:
        faults.add(None, f"{path}.{name}: there is no such colour", did_you_mean(name, ROLES))
    elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        cure = f'write six hexadecimal digits, such as {name} = "#14365d"'
        faults.add(None, f"{path}.{name}: {colour!r} is not a colour", cure)
    else:
        return True
    return False
