from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.markup.nesting import MOST_NESTED, VOID, too_deep_at
from tests.mjml_documents import as_html, in_text


def test_a_hundred_levels_are_fit_and_the_tag_of_one_more_is_named() -> None:
    assert too_deep_at("<b>" * MOST_NESTED + "</b>" * MOST_NESTED) is None
    assert too_deep_at("<b>" * (MOST_NESTED + 1)) == 3 * MOST_NESTED


def test_what_holds_nothing_adds_no_level() -> None:
    flat = [f"<{name}>" for name in VOID] + ["<BR>", '<mj-image alt="a > b" />', "<!-- <b -->"]

    assert too_deep_at("".join(flat) * 100) is None


@given(st.lists(st.sampled_from(["<b>x</b>", "<br>", '<a href="b>c">d</a>', "<i/>"])))
def test_length_is_no_depth(parts: list[str]) -> None:
    assert too_deep_at("".join(parts * 50)) is None


def test_the_engine_survives_what_is_let_through() -> None:
    around = in_text("").count("<mj")

    assert as_html(in_text("<b>" * (MOST_NESTED - around) + "</b>" * (MOST_NESTED - around)))
