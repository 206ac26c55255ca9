"""What a token may have done, and what its holder is told when less was done than asked."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from starlette.routing import Route

from newsletter.domain.errors import DatabaseBusy
from newsletter.domain.readers import Reader
from newsletter.web.access_log import without_tokens
from newsletter.web.site import create_site
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import a_house, browsing, page

PREFERENCES = f"/en/preferences/{PREFERENCES_TOKEN}"
UNSUBSCRIBE = f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}"


class _SuppressedReader(FakeDesk):
    """A desk that lets its reader leave and not join."""

    def save(self, token: str, *, topics: Collection[str], language: str) -> Reader | None:
        return super().save(token, topics=self.subscribed & set(topics), language=language)


def test_a_topic_that_could_not_be_added_is_named() -> None:
    choices = {"language": "en", "topic": ["consultations", "events"]}

    with browsing(_SuppressedReader()) as browser:
        shown = page(browser.post(PREFERENCES, data=choices).text)

    told = shown.xpath("normalize-space(//*[@class='saved'])")
    assert "We could not add Events," in told
    assert "Consultations" not in told


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
    routes = [one for one in create_site(FakeDesk(), a_house()).routes if isinstance(one, Route)]
    paths = [one.path for one in routes if "{token}" in one.path]

    masked = [without_tokens(one.replace("{token}", "secret")) for one in paths]

    assert masked
    assert not any("secret" in one for one in masked)


def test_a_page_in_all_languages_bears_the_name_in_each() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get("/").text)

    names = {one.get("lang"): one.text for one in shown.xpath("//header//span")}
    assert names == a_house().names


def test_a_name_that_languages_share_is_said_once() -> None:
    house = a_house(names={})

    with browsing(FakeDesk(), house) as browser:
        shown = page(browser.get("/").text)

    assert shown.xpath("//header//span/text()") == [house.name]
