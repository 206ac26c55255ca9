"""Control characters, and what any character is called."""

from __future__ import annotations

import re
import unicodedata

import pytest

from newsletter.domain.control_characters import (
    CONTROL_CHARACTER,
    CONTROLS,
    SURROGATES,
    character_name,
)


def test_they_are_what_unicode_calls_controls_and_the_line_separators() -> None:
    """M12: C0, DEL, C1, U+2028 and U+2029."""
    found = {code for code in range(0x110000) if CONTROL_CHARACTER.match(chr(code))}

    assert found == {
        code for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")
    }


def test_surrogates_stand_beside_them_in_one_class() -> None:
    both = re.compile(f"[{CONTROLS}{SURROGATES}]+")

    assert both.fullmatch("\x00\ud800\udfff\u2029")
    assert not both.search("a\ud7ff\ue000")


@pytest.mark.parametrize(
    ("character", "name"),
    [
        (",", "a comma"),
        ("<", "a <"),
        ("\r", "a line break"),
        ("\t", "a tab"),
        ("\x07", "the control character U+0007"),
        ("\x85", "the control character U+0085"),
        ("\u2028", "the control character U+2028"),
        ("\ud800", "the control character U+D800"),
        ("\u200b", "U+200B (zero width space)"),
        ("ŵ", "U+0175 (latin small letter w with circumflex)"),
    ],
)
def test_a_character_has_a_name_that_a_person_can_look_up(character: str, name: str) -> None:
    assert character_name(character) == name
