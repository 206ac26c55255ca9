"""Addresses in a language's own words."""

from __future__ import annotations

import pytest

from newsletter.i18n import languages, strings
from newsletter.web.own_addresses import own_address
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, VIEW_TOKEN, FakeDesk
from tests.public_pages import browsing, page

WELSH = {
    f"/cy/dad-danysgrifio/{UNSUBSCRIBE_TOKEN}": f"/cy/unsubscribe/{UNSUBSCRIBE_TOKEN}",
    f"/cy/dewisiadau/{PREFERENCES_TOKEN}": f"/cy/preferences/{PREFERENCES_TOKEN}",
    f"/cy/gweld/{VIEW_TOKEN}": f"/cy/view/{VIEW_TOKEN}",
}


@pytest.mark.parametrize(("own", "plain"), WELSH.items())
def test_a_page_is_the_same_under_its_own_words(own: str, plain: str) -> None:
    with browsing(FakeDesk(pages={"cy": "<p>Newyddion</p>"})) as browser:
        asked, expected = browser.get(own), browser.get(plain)

    assert expected.status_code == 200
    assert (asked.status_code, asked.text) == (200, expected.text)


def test_a_post_acts_under_the_own_words_without_a_redirect() -> None:
    """T6."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(f"/cy/dad-danysgrifio/{UNSUBSCRIBE_TOKEN}")

    assert answer.status_code == 200
    assert desk.calls == ["leave"]


def test_a_page_found_by_its_own_words_has_its_twin_in_the_other_language() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get(f"/cy/dewisiadau/{PREFERENCES_TOKEN}").text)

    assert shown.xpath("//nav//a/@href") == [f"/en/preferences/{PREFERENCES_TOKEN}"]


@pytest.mark.parametrize(
    "address",
    [
        f"/en/dad-danysgrifio/{UNSUBSCRIBE_TOKEN}",
        f"/dad-danysgrifio/{UNSUBSCRIBE_TOKEN}",
        f"cy/dad-danysgrifio/{UNSUBSCRIBE_TOKEN}",
        "/cy/dad-danysgrifio",
        "/cy/nowhere",
        "/cy//",
    ],
)
def test_words_of_another_language_or_of_none_name_nothing(address: str) -> None:
    with browsing(FakeDesk()) as browser:
        assert browser.get(f"https://news.example.org{address}").status_code in (400, 404)


@pytest.mark.parametrize("language", languages())
def test_no_two_pages_have_one_address(language: str) -> None:
    table = strings("addresses", language)
    words = {plain: table[plain] for plain in sorted(table.keys())}

    assert len(words) == len(set(words.values()))
    assert all(own == plain or own not in words for plain, own in words.items())


def test_a_language_without_words_of_its_own_has_the_plain_ones() -> None:
    assert own_address("pl", "subscribe") == "/pl/subscribe"
    assert own_address("cy", "subscribe") == "/cy/tanysgrifio"
    assert own_address("cy", "") == "/cy/"
