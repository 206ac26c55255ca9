"""What a token may have done, and what its holder is told when less was done than asked."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from newsletter.domain.errors import DatabaseBusy
from newsletter.domain.readers import Forgotten, Reader
from newsletter.tokens.tokens import Purpose
from newsletter.web.access_log import without_tokens
from newsletter.web.site import create_site
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import a_house, browsing, buttons, heading, page

PREFERENCES = f"/en/preferences/{PREFERENCES_TOKEN}"
UNSUBSCRIBE = f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}"


class _ForgettingDesk(FakeDesk):
    """A desk that keeps nothing of the person whom its tokens were given to."""

    def reader(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        return None if super().reader(purpose, token) is None else Forgotten()


FORGOTTEN = "You are not on our list"


@pytest.mark.parametrize("address", [UNSUBSCRIBE, f"/u/{UNSUBSCRIBE_TOKEN}", PREFERENCES])
def test_an_old_link_of_somebody_erased_still_answers_and_names_nobody(address: str) -> None:
    """T7, T9"""
    with browsing(_ForgettingDesk()) as browser:
        answers = [
            browser.get(address),
            browser.post(address, data={"List-Unsubscribe": "One-Click", "language": "en"}),
            browser.post(address, data={"everything": "yes"}),
        ]

    assert [one.status_code for one in answers] == [200, 200, 200]
    assert [heading(one.text) for one in answers] == [FORGOTTEN] * 3
    assert not any("@" in one.text or buttons(one.text) for one in answers)


def test_an_old_link_answers_in_the_language_of_its_page() -> None:
    with browsing(_ForgettingDesk()) as browser:
        answer = browser.get(UNSUBSCRIBE.replace("/en/", "/cy/"))

    assert heading(answer.text) == "Nid ydych ar ein rhestr"
    assert page(answer.text).xpath("//nav/a/@href") == [UNSUBSCRIBE]


def test_a_forged_link_is_not_found_even_where_people_were_erased() -> None:
    """T7"""
    with browsing(_ForgettingDesk()) as browser:
        assert browser.get("/en/unsubscribe/garbled").status_code == 404
        assert browser.post("/u/garbled").status_code == 404


@pytest.mark.parametrize(
    "address", [f"/en/preferences/{UNSUBSCRIBE_TOKEN}", f"/en/unsubscribe/{PREFERENCES_TOKEN}"]
)
def test_leaving_everything_needs_the_token_of_that_very_page(address: str) -> None:
    """T2."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(address, data={"everything": "yes"})

    assert answer.status_code == 404
    assert desk.calls == []


def test_a_one_click_body_sent_to_the_page_in_the_mail_leaves_too() -> None:
    """T6: the link in the footer is posted to by some mail programs."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        files = {"List-Unsubscribe": (None, "One-Click")}
        answer = browser.post(UNSUBSCRIBE, files=files)

    assert answer.status_code == 200
    assert desk.subscribed == {"consultations"}


@pytest.mark.parametrize("address", [UNSUBSCRIBE, f"/u/{UNSUBSCRIBE_TOKEN}"])
def test_whoever_met_a_busy_database_finds_the_way_back(address: str) -> None:
    with browsing(FakeDesk(failure=DatabaseBusy("in use"))) as browser:
        shown = page(browser.post(address).text)

    assert set(shown.xpath("//main//a/@href")) == {address}


def test_every_address_with_a_token_is_masked_in_logs() -> None:
    """T9."""
    routes = [
        one for one in create_site(FakeDesk().desks, a_house()).routes if isinstance(one, Route)
    ]
    paths = [one.path for one in routes if "{token}" in one.path]

    masked = [without_tokens(one.replace("{token}", "secret")) for one in paths]

    assert masked
    assert not any("secret" in one for one in masked)


def test_a_page_in_all_languages_bears_the_title_in_each() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get("/").text)

    names = {one.get("lang"): one.text for one in shown.xpath("//header//span")}
    assert names == a_house().titles


def test_a_name_that_languages_share_is_said_once() -> None:
    house = a_house(names={}, titles={})

    with browsing(FakeDesk(), house) as browser:
        shown = page(browser.get("/nowhere").text)

    assert shown.xpath("//header//span/text()") == [house.name]
