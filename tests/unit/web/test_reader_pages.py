"""What a reader's links do, and what they never do."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from newsletter.web.site import create_site
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, VIEW_TOKEN, FakeDesk
from tests.public_pages import ADDRESSES, a_house, browsing, buttons, heading, page

ONE_CLICK = f"/u/{UNSUBSCRIBE_TOKEN}"
UNSUBSCRIBE = f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}"
PREFERENCES = f"/en/preferences/{PREFERENCES_TOKEN}"
FORM = "application/x-www-form-urlencoded"


def test_looking_never_changes_anything() -> None:
    """T5: scanners fetch every link, many times over."""
    desk = FakeDesk()
    before = desk.topics

    with browsing(desk) as browser:
        for address in ADDRESSES:
            for method in ("GET", "HEAD", "OPTIONS"):
                browser.request(method, address)
        for _ in range(100):
            browser.get(ONE_CLICK, params={"List-Unsubscribe": "One-Click", "everything": "yes"})

    assert desk.calls == []
    assert desk.topics == before


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"List-Unsubscribe=One-Click", FORM),
        (
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
            b"One-Click\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
        (b"", FORM),
        (b"", ""),
        (b"\xff\xfe\x00", "multipart/form-data"),
        (b"everything=yes", FORM),
        (b"&".join(b"a=1" for _ in range(600)), FORM),
        (b"{}", "application/json"),
    ],
)
def test_one_click_leaves_the_topic_whatever_the_body(body: bytes, content_type: str) -> None:
    """T6, T8, RFC 8058 section 3.2: and that topic only."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(ONE_CLICK, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 200
    assert desk.calls == ["one-click"]
    assert desk.subscribed == {"consultations"}


def test_one_click_is_answered_without_redirect_cookie_or_question() -> None:
    """T6, RFC 8058 section 3.1: nobody is there to follow, and no origin to check."""
    with browsing(FakeDesk()) as browser:
        answer = browser.post(ONE_CLICK, headers={"Origin": "https://mail.example.com"})

    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_one_click_may_be_said_again() -> None:
    """T7."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        statuses = [browser.post(ONE_CLICK).status_code for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert desk.subscribed == {"consultations"}


def test_a_person_at_the_one_click_address_gets_the_page_in_their_own_language() -> None:
    with browsing(FakeDesk(language="cy")) as browser:
        answer = browser.get(ONE_CLICK)

    assert answer.status_code == 200
    assert page(answer.text).get("lang") == "cy"
    assert page(answer.text).xpath("//form/@action") == [f"/cy/unsubscribe/{UNSUBSCRIBE_TOKEN}"]


def test_a_reader_of_a_language_that_the_site_dropped_gets_its_first() -> None:
    with browsing(FakeDesk(language="pl")) as browser:
        answer = browser.get(ONE_CLICK)

    assert page(answer.text).get("lang") == "en"


def test_the_unsubscribe_page_asks_with_one_button_and_a_masked_address() -> None:
    """T5, T9."""
    with browsing(FakeDesk()) as browser:
        answer = browser.get(UNSUBSCRIBE)

    assert buttons(answer.text) == ["Unsubscribe"]
    assert heading(answer.text) == "Stop receiving Monthly bulletin?"
    assert "s***@example.org" in answer.text


def test_the_button_leaves_the_topic_and_then_offers_the_rest() -> None:
    """T8."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(UNSUBSCRIBE)

    assert answer.status_code == 200
    assert heading(answer.text) == "You have left Monthly bulletin"
    assert "Leave everything" in buttons(answer.text)
    assert desk.calls == ["leave"]
    assert desk.subscribed == {"consultations"}


def test_whoever_comes_back_is_told_that_they_have_left() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        browser.post(UNSUBSCRIBE)
        answer = browser.get(UNSUBSCRIBE)

    assert heading(answer.text) == "You have left Monthly bulletin"


@pytest.mark.parametrize("address", [UNSUBSCRIBE, PREFERENCES])
def test_leave_everything_leaves_every_topic(address: str) -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(address, data={"everything": "yes"})

    assert heading(answer.text) == "You have left all our newsletters"
    assert desk.calls == ["leave-all"]
    assert desk.subscribed == set()


def test_a_token_of_a_topic_that_is_no_more_still_leads_out() -> None:
    with browsing(FakeDesk(topics=())) as browser:
        answer = browser.get(UNSUBSCRIBE)

    assert heading(answer.text) == "Leave everything?"
    assert buttons(answer.text) == ["Leave everything"]


@pytest.mark.parametrize(
    "address",
    [
        f"/pl/unsubscribe/{UNSUBSCRIBE_TOKEN}",
        f"/EN/preferences/{PREFERENCES_TOKEN}",
        f"/en/preferences/{UNSUBSCRIBE_TOKEN}",
        f"/en/unsubscribe/{PREFERENCES_TOKEN}",
        f"/en/preferences/{VIEW_TOKEN}",
        f"/en/view/{UNSUBSCRIBE_TOKEN}",
        f"/u/{PREFERENCES_TOKEN}",
    ],
)
def test_a_token_opens_no_page_but_its_own_in_a_language_of_the_site(address: str) -> None:
    """T2: an unsubscribe token must not open a profile."""
    with browsing(FakeDesk()) as browser:
        answer = browser.get(address)

    assert answer.status_code == 404


@pytest.mark.parametrize("page_name", ["unsubscribe", "preferences", "view"])
def test_every_token_that_opens_nothing_gets_the_same_bytes(page_name: str) -> None:
    """T7: no oracle; a token of another purpose looks like a garbled one, in any method."""
    tokens = ["garbled", "x" * 47, "%00", "a%20b", "<b>", VIEW_TOKEN[::-1], "." * 300]
    methods = ["GET"] if page_name == "view" else ["GET", "POST"]

    with browsing(FakeDesk()) as browser:
        answers = [
            browser.request(method, f"/en/{page_name}/{token}", data={"language": "en"})
            for token in tokens
            for method in methods
        ]

    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1
    assert len({tuple(sorted(one.headers.items())) for one in answers}) == 1


@given(token=st.text(min_size=1, max_size=80))
def test_garbled_tokens_never_act_and_never_break(token: str) -> None:
    """T7."""
    garbled = quote(token, safe="", errors="surrogatepass")
    desk, browser = _desk_and_browser()

    answers = [browser.post(f"/u/{garbled}"), browser.get(f"/cy/view/{garbled}")]

    assert {one.status_code for one in answers} == {404}
    assert desk.calls == []


@cache
def _desk_and_browser() -> tuple[FakeDesk, TestClient]:
    desk = FakeDesk()
    return desk, TestClient(create_site(desk.desks, a_house()), base_url="https://news.example.org")
