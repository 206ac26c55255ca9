"""Designs: finished looks, each a folder under `designs/` of the template folders.

A design has a `design.toml` of colours, fonts and sizes, and may have templates of its own, which
come before the shipped ones. A brand chooses one and changes what it wants of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newsletter.composer.brands.brand_colours import (
    ROLES,
    at_night,
    read_colours,
    refuse_unreadable,
)
from newsletter.composer.brands.fonts import STACKS, read_fonts
from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.toml_source import read_toml, read_words_table, refuse_unknown

DEFAULT_DESIGN = "civic"
SHAPE = ("padding", "radius", "panel_radius", "button_radius")
"""The sizes of a design: the `padding` of sections, how round they, panels and buttons are."""

_KEYS = ("labels", "fonts", "heading_fonts", "shape", "colours", "dark")


@dataclass(frozen=True, slots=True)
class Design:
    """A design: its name (the folder's), labels per language, and what a brand starts from.

    `dark` holds only what the design says of its dark palette; the rest follows from the colours.
    """

    name: str
    labels: Mapping[str, str]
    fonts: str
    heading_fonts: str
    shape: Mapping[str, str]
    colours: Mapping[str, str]
    dark: Mapping[str, str]


def find_design(name: object, folders: Sequence[Path], faults: Faults) -> Design:
    """The design called `name`, or the default one and a fault when no folder holds it.

    Raises `FaultyFile` for a `design.toml` that is wrong.
    """
    known = design_names(folders)
    if name not in known:
        faults.add(None, f"design: there is no {name!r}", did_you_mean(str(name), known))
        name = DEFAULT_DESIGN
    folder = next(one for one in _folders_of(str(name), folders) if _file(one).is_file())
    return read_design(folder)


def design_names(folders: Sequence[Path]) -> list[str]:
    """The names of all designs that the folders hold."""
    found = {file.parent.name for one in folders for file in one.glob("designs/*/design.toml")}
    return sorted(found)


@lru_cache(maxsize=16)
def template_folders(name: str, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """`folders`, each behind what it holds of the design: where templates are looked for."""
    return tuple(place for one in folders for place in (one / "designs" / name, one))


def read_design(folder: Path) -> Design:
    """The design in `folder`; raises `FaultyFile` when its colours cannot be read, among others."""
    file = _file(folder)
    faults = Faults(str(file))
    table = read_toml(file, faults)
    refuse_unknown(table, _KEYS, "", faults)
    colours = read_colours(table.get("colours", {}), "colours", {}, faults)
    missing = [role for role in ROLES if role not in colours]
    if missing:
        faults.add(None, f"colours: {', '.join(missing)} are missing", "say all of them")
        faults.raise_if_any()
    dark = read_colours(table.get("dark", {}), "dark", {}, faults)
    refuse_unreadable(colours, "colours", faults)
    refuse_unreadable(at_night(colours, dark), "dark", faults)
    fonts = read_fonts(table.get("fonts"), "fonts", STACKS["sans"], faults)
    design = Design(
        name=folder.name,
        labels=read_words_table(table.get("labels"), "labels", faults),
        fonts=fonts,
        heading_fonts=read_fonts(table.get("heading_fonts"), "heading_fonts", fonts, faults),
        shape=_shape(table.get("shape"), faults),
        colours=colours,
        dark=dark,
    )
    faults.raise_if_any()
    return design


def _shape(table: object, faults: Faults) -> dict[str, str]:
    if not isinstance(table, dict) or set(table) != set(SHAPE):
        faults.add(None, f"shape: its sizes are not {', '.join(SHAPE)}", "write each in px")
        return dict.fromkeys(SHAPE, "0px")
    return {name: str(value) for name, value in table.items()}


def _folders_of(name: str, folders: Sequence[Path]) -> list[Path]:
    return [one / "designs" / name for one in folders]


def _file(folder: Path) -> Path:
    return folder / "design.toml"
