"""What a reader sees when something is not done, and what the desk is spared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.exceptions import HTTPException

from newsletter.domain.errors import DatabaseBusy, SchemaMismatch, SurroundingsFailed
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import browsing, page

UNSUBSCRIBE = f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}"
ONE_CLICK = f"/u/{UNSUBSCRIBE_TOKEN}"
LIMIT = 64 * 1024


@pytest.mark.parametrize("address", ["/pl/unsubscribe/x", "/u/x", "/EN/view/x", "/robots.ico"])
def test_without_a_language_the_page_speaks_all_of_the_sites(address: str) -> None:
    with browsing(FakeDesk()) as browser:
        answer = browser.get(address)

    assert answer.status_code == 404
    parts = page(answer.text).xpath("//main/div/@lang")
    assert parts == ["en", "cy"]


@pytest.mark.parametrize(
    "address", [f"{ONE_CLICK}/", f"{UNSUBSCRIBE}/", "/en//unsubscribe/x", "/healthz/"]
)
def test_an_address_with_a_slash_too_many_is_not_redirected(address: str) -> None:
    """T6: whoever follows no redirect would think that it was done."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(address)

    assert answer.status_code == 404
    assert desk.calls == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "address", [ONE_CLICK, UNSUBSCRIBE, f"/en/preferences/{PREFERENCES_TOKEN}"]
)
def test_another_method_is_405_and_changes_nothing(address: str, method: str) -> None:
    """T5; RFC 9110 section 15.5.6 wants Allow."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.request(method, address)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert desk.calls == []


@pytest.mark.parametrize("address", ["/en/view/x", "/media/x.png", "/static/site.css", "/healthz"])
def test_what_can_only_be_read_takes_no_post(address: str) -> None:
    with browsing(FakeDesk()) as browser:
        assert browser.post(address).status_code == 405


def test_a_body_that_is_too_large_is_refused_before_it_is_read_as_a_form() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        refused = browser.post(UNSUBSCRIBE, content=b"x" * (LIMIT + 1))
        taken = browser.post(UNSUBSCRIBE, content=b"x" * LIMIT)

    assert (refused.status_code, taken.status_code) == (413, 200)
    assert desk.calls == ["leave"]


def test_a_body_that_does_not_say_its_size_is_stopped_at_the_limit() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(UNSUBSCRIBE, content=_endless_looking())

    assert answer.status_code == 413
    assert desk.calls == []


@pytest.mark.parametrize(
    "host", ["evil.example.com", "news.example.org.evil.com", "", "a b", "[::1"]
)
def test_a_host_that_is_not_ours_is_refused(host: str) -> None:
    """X16."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(ONE_CLICK, headers={"Host": host})

    assert answer.status_code == 400
    assert desk.calls == []
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["news.example.org", "NEWS.example.org", "news.example.org:443"])
def test_our_own_host_is_answered_in_any_case_and_on_any_port(host: str) -> None:
    with browsing(FakeDesk()) as browser:
        assert browser.get(UNSUBSCRIBE, headers={"Host": host}).status_code == 200


def test_the_log_says_which_page_a_busy_database_kept_from_what_without_its_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = FakeDesk(failure=DatabaseBusy("in use", where="/secret/newsletter.db"))

    with browsing(desk) as browser:
        browser.post(f"/en/preferences/{PREFERENCES_TOKEN}", data={"everything": "yes"})

    assert "POST /en/preferences/*** not done: in use" in caplog.messages


def test_a_busy_database_asks_to_come_again_so_that_no_leaving_is_lost() -> None:
    """T7, T10: a mail provider tries again on 503, and a person is told to."""
    desk = FakeDesk(failure=DatabaseBusy("in use", where="/secret/newsletter.db"))

    with browsing(desk) as browser:
        answer = browser.post(UNSUBSCRIBE)
        desk.failure = None
        again = browser.post(UNSUBSCRIBE)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Nothing has been changed." in answer.text
    assert "secret" not in answer.text
    assert again.status_code == 200


@pytest.mark.parametrize("address", [UNSUBSCRIBE, "/en/view/x", "/media/x.png"])
def test_a_database_that_cannot_be_reached_is_503_everywhere(address: str) -> None:
    with browsing(FakeDesk(failure=SurroundingsFailed("no disk"))) as browser:
        answer = browser.get(address)

    assert answer.status_code == 503
    assert "no disk" not in answer.text


def test_a_fault_of_ours_says_sorry_in_every_language_and_shows_nothing_of_the_inside() -> None:
    desk = FakeDesk(failure=RuntimeError("the inside"))

    with browsing(desk) as browser:
        answer = browser.get(UNSUBSCRIBE)

    assert answer.status_code == 500
    assert "Sorry" in answer.text
    assert "ddrwg gennym" in answer.text
    assert "inside" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def _endless_looking() -> Iterator[bytes]:
    for _ in range(100):
        yield b"x" * 1024


@pytest.mark.parametrize(
    ("status", "words"), [(410, "This link is over"), (429, "Too many requests"), (503, "a minute")]
)
def test_what_a_page_says_by_a_status_has_words_of_its_own(status: int, words: str) -> None:
    answer = _answer_to(HTTPException(status))

    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize("status", [404, 410])
def test_who_has_no_link_that_works_is_shown_the_ways_to_a_new_one(status: int) -> None:
    links = page(_answer_to(HTTPException(status)).text).xpath("//main//a/@href")

    assert links == ["/en/subscribe", "/en/my-link"]


def test_who_has_asked_too_much_is_told_when_to_come_again() -> None:
    """RFC 6585 section 4."""
    ours = _answer_to(HTTPException(429))
    theirs = _answer_to(HTTPException(429, headers={"Retry-After": "900"}))

    assert ours.headers["Retry-After"] == "60"
    assert theirs.headers["Retry-After"] == "900"


def test_a_database_of_another_version_is_maintenance() -> None:
    answer = _answer_to(SchemaMismatch("older"))

    assert answer.status_code == 503
    assert "working on these pages" in answer.text
    assert answer.headers["Retry-After"] == "60"


def _answer_to(failure: Exception) -> Response:
    desk = FakeDesk(failure=failure)  # type: ignore[arg-type]  # whatever a page may raise
    with browsing(desk) as browser:
        return browser.get(UNSUBSCRIBE)
