"""The one stylesheet of the pages: the brand's colours and fonts, and the rules that use them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from newsletter.composer.brands.contrast import AA_TEXT
from newsletter.composer.brands.nearest_colour import nearest_readable
from newsletter.web.site_look import SiteLook

_RED = "#c0281c"
"""What a fault is marked with, beside its words; no brand has a colour for that."""


def stylesheet(look: SiteLook) -> bytes:
    """The finished stylesheet, in UTF-8.

    The brand's variables stand before the rules: what these say of print stands over them.
    """
    fonts = {
        "fonts": look.fonts,
        "heading-fonts": look.heading_fonts,
        "button-radius": look.button_radius,
    }
    by_day = _declared(fonts | _palette(look.colours))
    by_night = _declared(_palette(look.dark))
    dark = f"@media (prefers-color-scheme: dark){{:root{{{by_night}}}}}"
    rules = files("newsletter.web").joinpath("pages", "site.css").read_text(encoding="utf-8")
    return f":root{{{by_day}}}\n{dark}\n{rules}".encode()


def _palette(colours: Mapping[str, str]) -> dict[str, str]:
    named = {name.replace("_", "-"): colour for name, colour in sorted(colours.items())}
    return {**named, "fault": nearest_readable(_RED, colours["surface"], AA_TEXT)}


def _declared(variables: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in variables.items())
