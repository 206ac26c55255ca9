"""Address slots become the pages of the public site, all but their tokens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.domain.compiled import ADDRESS_SLOTS, STACKED, Piece, Slot
from newsletter.mail.page_links import (
    TOKEN_LENGTH,
    LinkedPiece,
    LinkToken,
    LinkTokens,
    WordSlot,
    link_for_anybody,
    link_pages,
    one_click_address,
)
from newsletter.tokens.tokens import INERT_TAG, INERT_TOKEN
from tests.sample_messages import COMPILED, VALUES

SITE = "https://news.example.org"


def linked(*pieces: Piece) -> tuple[LinkedPiece, ...]:
    return link_pages(replace(COMPILED, html=pieces), SITE).html


@pytest.mark.parametrize(
    ("slot", "pieces"),
    [
        ("view", (f"{SITE}/cy/view/", LinkToken.VIEW)),
        ("unsubscribe", (f"{SITE}/cy/unsubscribe/", LinkToken.UNSUBSCRIBE)),
        ("preferences", (f"{SITE}/cy/preferences/", LinkToken.PREFERENCES)),
        ("why", (f"{SITE}/cy/preferences/", LinkToken.PREFERENCES, "#why")),
    ],
)
def test_a_slot_without_a_language_leads_to_the_page_in_the_mails_own(
    slot: str, pieces: tuple[LinkedPiece, ...]
) -> None:
    assert linked(Slot(slot)) == pieces


def test_every_address_slot_has_a_page() -> None:
    assert not any(isinstance(one, WordSlot) for one in linked(*map(Slot, ADDRESS_SLOTS)))


def test_a_slot_with_a_language_leads_to_the_page_in_that_one() -> None:
    assert linked(Slot("view", language="en")) == (f"{SITE}/en/view/", LinkToken.VIEW)


def test_a_stacked_mails_pages_are_in_its_first_language() -> None:
    stacked = replace(
        COMPILED, language=STACKED, languages=("en", "cy"), text=(Slot("unsubscribe"),)
    )

    assert link_pages(stacked, SITE).text[0] == f"{SITE}/en/unsubscribe/"


def test_text_around_an_address_becomes_one_piece_with_it() -> None:
    pieces = linked('<a href="', Slot("why"), "", '">', "Why?</a>", Slot("name", "you"))

    assert pieces == (
        f'<a href="{SITE}/cy/preferences/',
        LinkToken.PREFERENCES,
        '#why">Why?</a>',
        WordSlot("name", "you"),
    )


def test_tokens_have_the_length_that_mail_counts_with() -> None:
    assert len(INERT_TOKEN) == len(INERT_TAG) == TOKEN_LENGTH


def test_each_place_has_its_own_token() -> None:
    tokens = LinkTokens(view="v", unsubscribe="u", preferences="p")

    assert [tokens.of(link) for link in LinkToken] == ["v", "u", "p"]
    assert VALUES.tokens.of(LinkToken.UNSUBSCRIBE) == "t" * 47


def for_anybody(*pieces: Piece) -> tuple[LinkedPiece, ...]:
    return link_for_anybody(
        linked(*pieces), lambda link, language: f"<{link.value} {language}>", lambda one: f"<{one}>"
    )


@pytest.mark.parametrize("slot", ADDRESS_SLOTS)
def test_a_link_for_anybody_holds_nothing_of_one_readers(slot: str) -> None:
    page = "preferences" if slot == "why" else slot

    assert for_anybody('<a href="', Slot(slot), '">words</a>') == (
        f'<a href="<{page} cy>">words</a>',
    )


def test_each_link_for_anybody_is_in_the_language_of_the_one_before() -> None:
    text = for_anybody(
        "See https://example.org/cy/view/ or ", Slot("view"), Slot("view", language="en")
    )

    assert text == ("See https://example.org/cy/view/ or <view cy><view en>",)


def test_words_keep_their_places_among_links_for_anybody() -> None:
    assert for_anybody("Dear ", Slot("name", "you"), ", ", Slot("why"), " is why") == (
        "Dear ",
        WordSlot("name", "you"),
        ", <preferences cy> is why",
    )


def test_a_token_that_stands_nowhere_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no address of ours"):
        link_for_anybody(("words", LinkToken.VIEW), lambda link, language: "", lambda language: "")


def test_who_it_went_to_is_said_in_the_language_of_what_follows() -> None:
    """A stacked mail has a footer in each of its languages."""
    pieces = for_anybody(
        *(Slot("email"), Slot("why", language="en")),
        *(Slot("email"), Slot("why", language="cy")),
        *(Slot("email", "you"), Slot("email")),
    )

    assert pieces == (
        WordSlot("email", "<en>"),
        "<preferences en>",
        WordSlot("email", "<cy>"),
        "<preferences cy>",
        WordSlot("email", "you"),
        WordSlot("email", "<None>"),
    )


def test_one_click_is_its_own_address() -> None:
    """RFC 8058; design section 6."""
    assert one_click_address(SITE) == f"{SITE}/u/"
