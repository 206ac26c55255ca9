"""Base64 in stretches: whatever stands before them, the whole is as if it were encoded at once."""

from __future__ import annotations

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.mail.base64_body import Base64Body
from newsletter.mail.page_links import LinkedPiece, LinkToken, WordSlot
from newsletter.mail.slots import fill_html, fill_text
from tests.independent_decoder import decode_base64
from tests.sample_messages import VALUES, with_words

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
TEXTS = WORDS.map(lambda text: text.replace("\r", "")) | st.text("Вода ", max_size=200)
PIECES = st.lists(
    TEXTS
    | st.builds(WordSlot, st.sampled_from(["name", "town"]), WORDS)
    | st.sampled_from(LinkToken),
    max_size=9,
)


@given(PIECES, WORDS, WORDS)
@example([WordSlot("name"), "x", WordSlot("town"), "y", WordSlot("name"), "abcd"], "a", "b")
def test_any_text_with_any_values_decodes_to_the_filled_text(
    pieces: list[LinkedPiece], name: str, town: str
) -> None:
    """RFC 2045 section 6.8; also where a stretch is too short to complete a group of three."""
    values = with_words(name=name, town=town)
    whole = (*pieces, "\n")

    text = Base64Body(whole, in_html=False).encode(values)
    page = Base64Body(whole, in_html=True).encode(values)

    for body, filled in ((text, fill_text(whole, values)), (page, fill_html(whole, values))):
        expected = filled.replace("\n", "\r\n").encode()
        assert decode_base64(body) == expected
        assert base64.b64decode(body) == expected
        assert body.endswith(b"\r\n")


def test_finished_text_is_in_full_lines() -> None:
    lines = Base64Body(("Вода " * 100,), in_html=False).encode(VALUES).split(b"\r\n")

    assert {len(line) for line in lines[:-2]} == {76}
