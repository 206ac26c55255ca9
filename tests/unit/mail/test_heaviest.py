"""The size of the heaviest mail: no real reader's is larger."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.compiled import Slot
from newsletter.mail.heaviest import heaviest_html
from newsletter.mail.page_links import link_pages
from newsletter.mail.slots import fill_html
from tests.sample_messages import COMPILED, FACTS, with_words

LETTERS = st.text(st.sampled_from("abŵŷ'’ 李"), max_size=60)


def test_an_edition_without_slots_is_as_large_as_it_is() -> None:
    assert heaviest_html(replace(COMPILED, html=("<p>dŵr</p>",)), FACTS.base_url) == 11


def test_each_slot_takes_its_longest_realistic_value() -> None:
    """A name of 200 letters of two octets, an address of 254 octets, an address with its token."""
    for slot, octets in (
        (Slot("name", "chi"), 400),
        (Slot("email"), 254),
        (Slot("unsubscribe"), len(f"{FACTS.base_url}/cy/unsubscribe/") + 47),
        (Slot("town", "<" * 200), 800),
    ):
        assert heaviest_html(replace(COMPILED, html=(slot,)), FACTS.base_url) == octets


@given(LETTERS)
def test_no_name_of_usual_length_makes_it_larger(name: str) -> None:
    page = fill_html(link_pages(COMPILED, FACTS.base_url).html, with_words(name=name))

    assert len(page.encode()) <= heaviest_html(COMPILED, FACTS.base_url)
