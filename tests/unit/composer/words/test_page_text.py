"""A page's text in Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter.composer.words.page_text import read_page_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# One\n## Two", ["h2", "h3"]),
        ("## One\n### Two\n#### Three", ["h2", "h3", "h4"]),
        ("# One\n###### Deep", ["h2", "h6"]),
        ("Underlined\n===\nWords", ["h2"]),
    ],
)
def test_headings_find_their_place_below_the_pages_own(source: str, expected: list[str]) -> None:
    """H6."""
    shown = html.fragments_fromstring(read_page_text(source).html)

    assert [one.tag for one in shown if one.tag.startswith("h")] == expected


def test_what_is_to_be_filled_in_is_marked_and_told() -> None:
    text = read_page_text("Ask [name of a person] on [date], or **[somebody else]**.")

    assert text.places == ("[name of a person]", "[date]", "[somebody else]")
    assert text.html.count("<mark>[") == 3


def test_a_link_and_a_phrase_are_no_places() -> None:
    text = read_page_text("[Our site](https://example.org) says [bore da]{lang=cy}.")

    assert text.places == ()
    assert '<a href="https://example.org">Our site</a>' in text.html
    assert '<span lang="cy">bore da</span>' in text.html


@pytest.mark.parametrize(
    "address", ["https://example.org", "mailto:a@example.org", "tel:+441", "/en/my-link", "#below"]
)
def test_a_link_leads_to_the_web_to_a_person_or_within_the_site(address: str) -> None:
    assert f'href="{address}"' in read_page_text(f"[words]({address})").html


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "JAVASCRIPT:x"]
)
def test_any_other_address_is_no_link(address: str) -> None:
    """X4."""
    assert "<a" not in read_page_text(f"[words]({address})").html


@given(st.text(alphabet=st.sampled_from("<>&\"'[]()!`*_#\n -ab:/{}=\\"), max_size=60))
def test_no_html_of_an_author_becomes_a_tag(source: str) -> None:
    """X4."""
    shown = html.fragment_fromstring(read_page_text(source).html, create_parent="div")

    tags = {one.tag for one in shown.iterdescendants()}
    assert tags <= {
        *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em"),
        *("a", "mark", "span", "blockquote", "hr", "br"),
    }
