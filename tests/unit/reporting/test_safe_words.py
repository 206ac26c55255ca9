"""A server's words in a report name nobody who is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.control_characters import CONTROL_CHARACTER
from newsletter.reporting.safe_words import safe_words

LOCALS = st.from_regex(r"[a-z]{2,8}[0-9]{2}(\.[a-z]{3,8})?", fullmatch=True)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<eleri@example.org>: no such user", "<(address)>: no such user"),
        ("Recipient eleri@example.org, rejected", "Recipient (address), rejected"),
        ("see https://example.net/?to=eleri%40example.org now", "see https:(address) now"),
        ("mailbox eleri (at) example.org is full", "mailbox (address) is full"),
        ("Mailbox ELERI is full", "Mailbox (name) is full"),
        ("No account for Eleri Prys", "No account for (name)"),
        ("Try\x1b[31m again\r\nlater", "Try [31m again later"),
    ],
)
def test_addresses_and_names_go_and_the_rest_stays(words: str, shown: str) -> None:
    assert safe_words(words, ["eleri", "Eleri Prys", "Prys"]) == shown


def test_a_flood_of_words_is_cut() -> None:
    assert safe_words("no " * 500, []) == ("no " * 500)[:159] + "…"


def test_a_name_of_one_letter_takes_nothing_away() -> None:
    assert safe_words("a mailbox is full", ["a"]) == "a mailbox is full"


@given(before=st.text(max_size=40), local=LOCALS, after=st.text(max_size=40))
def test_whatever_stands_around_it_an_address_is_never_shown(
    before: str, local: str, after: str
) -> None:
    shown = safe_words(f"{before}{local}@example.org{after}", [local])

    assert local not in shown
    assert CONTROL_CHARACTER.search(shown) is None
