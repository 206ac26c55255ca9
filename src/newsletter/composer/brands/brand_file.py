"""Reading a brand's folder: `brand.toml` and the logo beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from newsletter.composer.brands.brand_colours import (
    HUES,
    at_night,
    read_colours,
    refuse_unreadable,
)
from newsletter.composer.brands.brand_logo import read_logo
from newsletter.composer.brands.designs import DEFAULT_DESIGN, Design, find_design
from newsletter.composer.brands.fonts import read_fonts
from newsletter.composer.brands.social_accounts import read_social_accounts
from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.toml_source import read_toml, read_words_table, refuse_unknown
from newsletter.domain.brand import Brand

_KEYS = (
    *("name", "title", "from_name", "postal_address", "legal", "welcome", "social"),
    *("design", "colours", "dark", "fonts", "heading_fonts", "logo"),
)


def plain_brand(template_folders: Sequence[Path], design: str = DEFAULT_DESIGN) -> Brand:
    """What an edition is composed with where there is no workspace, and so no brand."""
    found = find_design(design, template_folders, Faults("brand.toml"))
    words = {"en": "Your organisation", "cy": "Eich sefydliad"}
    return Brand(
        name=words,
        title={"en": "Newsletter", "cy": "Cylchlythyr"},
        from_name=words,
        postal_address={"en": "Your postal address", "cy": "Eich cyfeiriad post"},
        design=found.name,
        colours=found.colours,
        dark=at_night(found.colours, found.dark),
        fonts=found.fonts,
        heading_fonts=found.heading_fonts,
        shape=found.shape,
        logo=None,
    )


def read_brand(folder: Path, template_folders: Sequence[Path]) -> Brand:
    """The brand that `brand.toml` in `folder` describes, in a design of the template folders.

    `title` and `from_name` are the name where a language is not given, the logo's alt text too.
    Raises `FaultyFile` with every fault: unknown keys, colours that cannot be read on each other,
    control characters, a logo that is not there.
    """
    file = folder / "brand.toml"
    faults = Faults(str(file))
    table = read_toml(file, faults)
    refuse_unknown(table, _KEYS, "", faults)
    name = _name(table, faults)
    design = find_design(table.get("design", DEFAULT_DESIGN), template_folders, faults)
    colours, dark = _palettes(table, design, faults)
    fonts = read_fonts(table.get("fonts"), "fonts", design.fonts, faults)
    own_fonts = fonts if "fonts" in table else design.heading_fonts
    brand = Brand(
        name=name,
        title={**name, **read_words_table(table.get("title"), "title", faults)},
        from_name={**name, **read_words_table(table.get("from_name"), "from_name", faults)},
        postal_address=_lines(table, "postal_address", faults),
        design=design.name,
        colours=colours,
        dark=dark,
        fonts=fonts,
        heading_fonts=read_fonts(table.get("heading_fonts"), "heading_fonts", own_fonts, faults),
        shape=design.shape,
        logo=read_logo(table.get("logo"), folder, name, faults),
        legal=_lines(table, "legal", faults),
        welcome=read_words_table(table.get("welcome"), "welcome", faults),
        social=read_social_accounts(table.get("social"), faults),
    )
    faults.raise_if_any()
    return brand


def _palettes(
    table: Mapping[str, Any], design: Design, faults: Faults
) -> tuple[dict[str, str], dict[str, str]]:
    """The colours by day and by night.

    Of the design's dark ones, those in `HUES` stand only where the brand has none of its own by
    day: the design's dark heading would not be the brand's.
    """
    own = table.get("colours", {})
    colours = read_colours(own, "colours", design.colours, faults)
    kept = {name: one for name, one in design.dark.items() if name not in HUES or name not in own}
    dark = at_night(colours, read_colours(table.get("dark", {}), "dark", kept, faults))
    refuse_unreadable(colours, "colours", faults)
    refuse_unreadable(dark, "dark", faults)
    return colours, dark


def _lines(table: Mapping[str, Any], key: str, faults: Faults) -> dict[str, str]:
    return read_words_table(table.get(key), key, faults, many_lines=True)


def _name(table: Mapping[str, Any], faults: Faults) -> dict[str, str]:
    name = read_words_table(table.get("name"), "name", faults)
    if "name" not in table or table["name"] == {}:
        faults.add(None, "name is missing", 'write [name] and below it en = "…" for each language')
    return name
