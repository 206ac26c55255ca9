"""Confirming by a link: one button, and nothing else to choose (T5, T12; studio notes 7.3)."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from newsletter.domain.confirming import Download, Stage
from newsletter.web.site import create_site
from tests.fake_confirming_desk import CONFIRM_TOKEN, FakeConfirming
from tests.fakes import FakeDesk
from tests.public_pages import a_house, browsing, buttons, heading, page

ADDRESS = f"/en/confirm/{CONFIRM_TOKEN}"
BLOCK = f"{ADDRESS}/block"


def a_desk(**changes: object) -> FakeDesk:
    return FakeDesk(confirming=FakeConfirming(**changes))  # type: ignore[arg-type]


def links_in_main(text: str) -> list[str]:
    return [str(one) for one in page(text).xpath("//main//a/@href")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Confirm that you want to sign up", "Confirm", "Monthly bulletin")),
        ("cy", ("Cadarnhau eich bod am danysgrifio", "Cadarnhau", "Bwletin misol")),
    ],
)
def test_the_page_says_what_for_and_shows_one_button_and_nothing_else_to_choose(
    language: str, words: tuple[str, str, str]
) -> None:
    with browsing(a_desk()) as browser:
        text = browser.get(f"/{language}/confirm/{CONFIRM_TOKEN}").text

    assert heading(text) == words[0]
    assert buttons(text) == [words[1]]
    assert words[2] in text
    assert "s***@example.org" in text
    assert links_in_main(text) == []
    assert page(text).xpath("//main//*[self::input or self::select]") == []
    assert page(text).xpath("//main//button/@class") == ["full"]


def test_only_pressing_the_button_confirms() -> None:
    """T5, T12: a scanner opens every link, as often as it likes."""
    desk = a_desk()

    with browsing(desk) as browser:
        for address in (ADDRESS, BLOCK):
            for method in ("GET", "HEAD", "GET"):
                assert browser.request(method, address).status_code == 200
            assert browser.request("OPTIONS", address).status_code == 405
        looked_at = list(desk.confirming.calls)
        confirmed = browser.post(ADDRESS)

    assert looked_at == []
    assert desk.confirming.calls == [("confirm", None)]
    assert heading(confirmed.text) == "You have signed up"
    assert buttons(confirmed.text) == []


def test_the_record_says_which_machine_the_button_was_pressed_at() -> None:
    """L1, X16: as our own web server says it."""
    desk = a_desk()
    app = create_site(desk.desks, a_house(trusted_proxies=("127.0.0.1",)))

    with TestClient(app, "https://news.example.org", client=("127.0.0.1", 4711)) as browser:
        browser.post(ADDRESS, headers={"X-Forwarded-For": "192.0.2.66, 198.51.100.7"})

    assert desk.confirming.calls == [("confirm", "198.51.100.7")]


def test_pressing_twice_shows_the_same_page_and_confirms_once() -> None:
    """T3: single use"""
    desk = a_desk()

    with browsing(desk) as browser:
        first, second, opened = browser.post(ADDRESS), browser.post(ADDRESS), browser.get(ADDRESS)

    assert first.text == second.text == opened.text
    assert len(desk.confirming.calls) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", [None, "sign-up"])
def test_a_link_that_is_over_is_410_and_shows_the_way_to_sign_up_again(
    method: str, kind: str | None
) -> None:
    with browsing(a_desk(stage=Stage.OVER, kind=kind)) as browser:
        answer = browser.request(method, ADDRESS)

    assert answer.status_code == 410
    assert buttons(answer.text) == []
    assert any(one.startswith("/en/subscribe") for one in links_in_main(answer.text))


@pytest.mark.parametrize("address", ["/en/confirm/garbled", "/en/confirm/garbled/block"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_garbled_token_is_the_same_page_as_any_that_is_not_found(
    address: str, method: str
) -> None:
    """T7"""
    with browsing(a_desk()) as browser:
        answer = browser.request(method, address)
        nowhere = browser.get("/en/nowhere")

    assert (answer.status_code, answer.text) == (404, nowhere.text)


def test_a_language_that_the_site_does_not_speak_confirms_nothing() -> None:
    desk = a_desk()

    with browsing(desk) as browser:
        statuses = [
            browser.post(f"/pl/confirm/{CONFIRM_TOKEN}{end}").status_code for end in ("", "/block")
        ]

    assert statuses == [404, 404]
    assert desk.confirming.calls == []


def test_whoever_keeps_being_signed_up_can_have_all_mail_stopped() -> None:
    """T14"""
    desk = a_desk(stage=Stage.OVER)

    with browsing(desk) as browser:
        before = browser.get(BLOCK)
        after = browser.post(BLOCK)
        again = browser.get(BLOCK)

    assert buttons(before.text) == ["Stop all emails"]
    assert "newsletters included" in before.text
    assert heading(after.text) == "Emails to s***@example.org have been stopped"
    assert (after.status_code, after.text) == (200, again.text)
    assert desk.confirming.calls == [("block", None)]


def test_a_confirmation_may_come_with_a_file_in_place_of_a_page() -> None:
    download = Download("my-data.json", b"{}", "application/json")

    with browsing(a_desk(download=download)) as browser:
        answer = browser.post(ADDRESS)

    assert answer.content == b"{}"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_twin_in_the_other_language_stays_on_the_task() -> None:
    with browsing(a_desk()) as browser:
        shown = page(browser.get(ADDRESS).text)

    assert f"/cy/confirm/{CONFIRM_TOKEN}" in shown.xpath("//nav//a/@href")
