"""How the images of a field are shown, from the keys of its table in `section.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from newsletter.composer.kinds.crops import read_crop
from newsletter.composer.kinds.kinds import COLUMN, ImageRule
from newsletter.composer.sources.faults import Faults


def read_image_rule(table: Mapping[str, Any], path: str, faults: Faults) -> ImageRule:
    """The rule in the keys `width`, `crop` and `positions` of `table`; faults are noted."""
    positions = _positions(table.get("positions", {}), f"{path}.positions", faults)
    default = next(iter(positions.values()), COLUMN)
    return ImageRule(
        width=_width(table.get("width", default), f"{path}.width", faults),
        crop=_crop(table.get("crop"), f"{path}.crop", faults),
        positions=positions,
    )


def _positions(value: object, path: str, faults: Faults) -> dict[str, int]:
    if not isinstance(value, dict):
        cure = f"write {{ above = {COLUMN}, beside = 232 }}"
        faults.add(None, f"{path}: these are not positions with their widths", cure)
        return {}
    return {name: _width(width, f"{path}.{name}", faults) for name, width in value.items()}


def _width(value: object, path: str, faults: Faults) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= COLUMN:
        return value
    faults.add(None, f"{path}: this is no width", f"write pixels, 1 to {COLUMN}")
    return COLUMN


def _crop(value: object, path: str, faults: Faults) -> Fraction | None:
    if value is None:
        return None
    crop = read_crop(value) if isinstance(value, str) else None
    if crop is None:
        faults.add(None, f"{path}: these are no proportions", 'write width to height, as in "3:2"')
    return crop
