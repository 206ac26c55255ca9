"""Whether an attribute's value is of the type that MJML's definitions give it."""

from __future__ import annotations

import re
from functools import cache

from PIL import ImageColor

_TYPE = re.compile(r"(?P<name>\w+)(?:\((?P<options>.*)\))?(?:\{1,(?P<most>\d)\})?")
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_ZERO = re.compile(r"(?:^|(?<= ))0(?:\.0+)?(?= |$)")
_HEX = "#(?:[0-9a-f]{3}){1,2}"
_RGB = r"rgba?\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*(?:,\s*[\d.]+\s*)?\)"
_COLOUR = "|".join([_HEX, _RGB, "transparent", *ImageColor.colormap])
_ANYTHING = ".*"


def is_fit_value(kind: str, value: str) -> bool:
    """Whether `value` is of the type `kind`, such as `unit(px,%){1,4}` or `enum(left,right)`.

    A zero may lack its unit, as in MJML: `lacks_unit` finds it.
    """
    return bool(_pattern(kind).fullmatch(value))


def lacks_unit(kind: str, value: str) -> bool:
    """Whether a zero of `value` has no unit, where numbers of this type have one."""
    if not kind.startswith("unit") or "" in _options(kind):
        return False
    return bool(_ZERO.search(value))


def in_words(kind: str) -> str:
    """What a value of this type looks like, for the fix."""
    options = [option for option in _options(kind) if option]
    if kind.startswith("enum"):
        return f"one of: {', '.join(options)}"
    if kind.startswith("unit"):
        return f"a number with its unit, {' or '.join(options)}"
    return {"color": "a colour such as #14365d", "boolean": "true or false"}.get(
        kind, "a whole number"
    )


def _options(kind: str) -> list[str]:
    found = _TYPE.fullmatch(kind)
    return (found["options"] or "").split(",") if found else []


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    found = _TYPE.fullmatch(kind)
    name = found["name"] if found else "string"
    if name in {"unit", "unitWithNegative"}:
        one = _unit(_options(kind), sign="-?" if name == "unitWithNegative" else "")
        most = int(found["most"] or 1) if found else 1
        return re.compile(f"{one}(?: {one}){{0,{most - 1}}}")
    if name == "enum":
        return re.compile("|".join(map(re.escape, _options(kind))))
    plain = {"color": _COLOUR, "boolean": "true|false", "integer": r"\d+"}
    return re.compile(plain.get(name, _ANYTHING), re.IGNORECASE | re.DOTALL)


def _unit(options: list[str], sign: str) -> str:
    words = "auto|" if "auto" in options else ""
    units = "|".join(re.escape(option) for option in options if option != "auto")
    return f"(?:{words}0|{sign}{_NUMBER}(?:{units}))"
