"""The colours of a brand: what each is for, what it is unless the brand says, and what must be
readable on what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsletter.composer.brands.contrast import AA_TEXT, contrast_ratio
from newsletter.composer.sources.faults import Faults, did_you_mean

COLOURS: Mapping[str, str] = {
    "page": "#eef1f6",
    "surface": "#ffffff",
    "text": "#1f2933",
    "heading": "#14365d",
    "band": "#14365d",
    "band_text": "#ffffff",
    "accent": "#c9973a",
    "link": "#1a4f8b",
    "button": "#14365d",
    "button_text": "#ffffff",
    "muted": "#4b5867",
    "line": "#d3dae4",
}
"""Every colour with its default: `page` lies behind the mail and `surface` under its words;
`heading` and `text` stand on the surface; `band` is the masthead with `band_text` on it and the
rule `accent` below; `muted` is small text on the page, `line` the rules between sections."""

READABLE_PAIRS = (
    ("text", "surface"),
    ("heading", "surface"),
    ("link", "surface"),
    ("band_text", "band"),
    ("button_text", "button"),
    ("muted", "page"),
)
"""Words and what they stand on, where the templates put them: each must reach `AA_TEXT`."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def read_colours(table: object, faults: Faults) -> dict[str, str]:
    """All colours, those of `table` before the defaults, in small letters.

    Notes in `faults` an unknown name, a colour that is not `#rrggbb`, and a pair that cannot be
    read; the values are then of no use.
    """
    if not isinstance(table, dict):
        faults.add(
            None, "colours: this is not a table", 'write [colours] and below it band = "#14365d"'
        )
        return dict(COLOURS)
    given = {name: colour for name, colour in table.items() if _is_fit(name, colour, faults)}
    colours = {**COLOURS, **{name: str(colour).lower() for name, colour in given.items()}}
    for words, ground in READABLE_PAIRS:
        ratio = contrast_ratio(colours[words], colours[ground])
        if ratio < AA_TEXT:
            pair = f"{words} {colours[words]} on {ground} {colours[ground]}"
            cure = f"make one darker or the other lighter, to {AA_TEXT}:1 at least (WCAG 1.4.3)"
            # Rounded down: 4.496 must not be shown as the 4.5 that is asked for.
            faults.add(
                None, f"colours: {pair} has a contrast of only {int(ratio * 100) / 100}:1", cure
            )
    return colours


def _is_fit(name: str, colour: object, faults: Faults) -> bool:
    if name not in COLOURS:
        faults.add(None, f"colours.{name}: there is no such colour", did_you_mean(name, COLOURS))
    elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        cure = f'write six hexadecimal digits, such as {name} = "{COLOURS[name]}"'
        faults.add(None, f"colours.{name}: {colour!r} is not a colour", cure)
    else:
        return True
    return False
