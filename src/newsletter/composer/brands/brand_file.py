"""Reading a brand's folder: `brand.toml` and the logo beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.composer.brands.brand_colours import COLOURS, read_colours
from newsletter.composer.brands.brand_logo import read_logo
from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.toml_source import read_toml, read_words_table, refuse_unknown
from newsletter.domain.brand import Brand

FONTS = "Arial, Helvetica, sans-serif"
"""The font stack unless the brand gives one: on every computer, short in a mail's many styles."""

PLAIN_BRAND = Brand(
    name={"en": "Your organisation", "cy": "Eich sefydliad"},
    title={"en": "Newsletter", "cy": "Cylchlythyr"},
    from_name={"en": "Your organisation", "cy": "Eich sefydliad"},
    postal_address={"en": "Your postal address", "cy": "Eich cyfeiriad post"},
    colours=COLOURS,
    fonts=FONTS,
    logo=None,
)
"""What an edition is composed with where there is no workspace, and so no brand."""

_KEYS = ("name", "title", "from_name", "postal_address", "colours", "fonts", "logo")

# The stack stands inside style attributes: nothing that could end one, or fetch a font.
_FONT_STACK = re.compile(r"[A-Za-z0-9 ,'-]+")


def read_brand(folder: Path) -> Brand:
    """The brand that `brand.toml` in `folder` describes.

    `title` and `from_name` are the name where a language is not given, the logo's alt text too.
    Raises `FaultyFile` with every fault: unknown keys, colours that cannot be read on each other,
    control characters, a logo that is not there.
    """
    file = folder / "brand.toml"
    faults = Faults(str(file))
    table = read_toml(file, faults)
    refuse_unknown(table, _KEYS, "", faults)
    name = _name(table, faults)
    brand = Brand(
        name=name,
        title={**name, **read_words_table(table.get("title"), "title", faults)},
        from_name={**name, **read_words_table(table.get("from_name"), "from_name", faults)},
        postal_address=read_words_table(
            table.get("postal_address"), "postal_address", faults, many_lines=True
        ),
        colours=read_colours(table.get("colours", {}), faults),
        fonts=_fonts(table.get("fonts", FONTS), faults),
        logo=read_logo(table.get("logo"), folder, name, faults),
    )
    faults.raise_if_any()
    return brand


def _name(table: Mapping[str, Any], faults: Faults) -> dict[str, str]:
    name = read_words_table(table.get("name"), "name", faults)
    if "name" not in table or table["name"] == {}:
        faults.add(None, "name is missing", 'write [name] and below it en = "…" for each language')
    return name


def _fonts(value: object, faults: Faults) -> str:
    if isinstance(value, str) and _FONT_STACK.fullmatch(value):
        return value
    cure = f'write names with commas between them: fonts = "{FONTS}"'
    faults.add(None, f"fonts: {value!r} is not a list of fonts", cure)
    return FONTS
