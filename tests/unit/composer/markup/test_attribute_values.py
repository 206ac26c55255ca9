from __future__ import annotations

import pytest

from newsletter.composer.markup.attribute_values import in_words, is_fit_value, lacks_unit
from newsletter.composer.markup.mjml_facts import components

KINDS = sorted({kind for one in components().values() for kind in one.attributes.values()})


@pytest.mark.parametrize(
    ("kind", "fit", "unfit"),
    [
        ("unit(px)", ["0", "1px", "1.5px", ".5px"], ["", "1", "1%", "px", "-1px", "1px 2px"]),
        ("unit(px,%){1,4}", ["1px", "1px 2%", "1px 2px 3px 4px"], ["1px 2px 3px 4px 5px", "1,2px"]),
        ("unit(px,%,)", ["1.5", "0", "24px", "150%"], ["1.5em"]),
        ("unit(px,auto)", ["auto", "5px"], ["autopx", "5"]),
        ("unitWithNegative(px,em)", ["-1px", "0.1em"], ["--1px", "1"]),
        ("color", ["#fff", "#14365D", "red", "RebeccaPurple", "rgb(1, 2, 3)", "rgba(1,2,3,.5)"],
         ["", "blakc", "#ff", "#14365d80", "14365d"]),
        ("enum(left,center,right)", ["left"], ["", "middle", "left right"]),
        ("enum(full-width,false,)", ["", "full-width"], ["true"]),
        ("boolean", ["true", "false"], ["yes", ""]),
        ("integer", ["0", "12"], ["1.5", "1px", ""]),
        ("string", ["", "any\nthing"], []),
    ],
)  # fmt: skip
def test_values_are_told_by_their_type(kind: str, fit: list[str], unfit: list[str]) -> None:
    assert [value for value in fit if not is_fit_value(kind, value)] == []
    assert [value for value in unfit if is_fit_value(kind, value)] == []


@pytest.mark.parametrize("value", ["0", "0 32px", "32px 0", "10px 0 10px", "0.0"])
def test_a_zero_without_unit_is_told_where_numbers_have_units(value: str) -> None:
    assert lacks_unit("unit(px,%){1,4}", value)
    assert not lacks_unit("unit(px,%,)", value)
    assert not lacks_unit("integer", value)
    assert not lacks_unit("unit(px,%){1,4}", "0px 10px 0%")


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_of_the_facts_is_known_and_has_words(kind: str) -> None:
    assert is_fit_value(kind, "\x00") == (kind == "string")
    assert kind == "string" or in_words(kind)
