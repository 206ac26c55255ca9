"""An edition in the browser, and the pictures in it."""

from __future__ import annotations

import pytest

from newsletter.domain.archive import ArchivePlace
from newsletter.domain.readers import Media
from tests.fake_archive_desk import BEGUN
from tests.fakes import VIEW_TOKEN, FakeDesk
from tests.public_pages import a_house, browsing, heading, page

VIEW = f"/en/view/{VIEW_TOKEN}"


def test_the_mails_own_html_is_shown_as_it_is() -> None:
    with browsing(FakeDesk(pages={"en": "<p style='color:red'>News</p>"})) as browser:
        answer = browser.get(VIEW)

    assert answer.text == "<p style='color:red'>News</p>"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == "en"


def test_an_edition_is_trusted_with_nothing() -> None:
    """X4: no script, no form, no frame; its own styles and our pictures."""
    with browsing(FakeDesk()) as browser:
        policy = browser.get(VIEW).headers["Content-Security-Policy"].split("; ")

    assert policy[0].startswith("sandbox")
    assert "allow-scripts" not in policy[0]
    assert "allow-same-origin" not in policy[0]
    assert "allow-forms" not in policy[0]
    assert "default-src 'none'" in policy
    assert "img-src 'self' https://news.example.org" in policy
    assert "frame-ancestors 'none'" in policy


def test_pictures_may_come_from_where_the_settings_say() -> None:
    house = a_house(media_url="https://images.example.org:8443/news")

    with browsing(FakeDesk(), house) as browser:
        policy = browser.get(VIEW).headers["Content-Security-Policy"]

    assert "img-src 'self' https://images.example.org:8443;" in policy


def test_an_edition_of_the_archive_has_the_way_there_above_it() -> None:
    place = ArchivePlace("monthly-bulletin", {"en": "Monthly bulletin"}, "2026-03", BEGUN)
    pages = {tag: f"<head></head><body lang='{tag}'><h1>News</h1></body>" for tag in ("en", "cy")}

    with browsing(FakeDesk(pages=pages, place=place)) as browser:
        answer = browser.get(VIEW)

    assert [(one.text, one.get("href")) for one in page(answer.text).xpath("//body/nav/a")] == [
        ("All editions of Monthly bulletin", "/en/archive/monthly-bulletin"),
        ("Cymraeg", f"/cy/view/{VIEW_TOKEN}"),
        ("Plain text", "/en/archive/monthly-bulletin/2026-03.txt"),
    ]
    assert heading(answer.text) == "News"


def test_a_link_out_of_a_mail_is_for_nobodys_cache_and_no_search_engine() -> None:
    """T9: the archive is where it can be found."""
    with browsing(FakeDesk()) as browser:
        headers = browser.get(VIEW).headers

    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [f"/cy/view/{VIEW_TOKEN}", f"/pl/view/{VIEW_TOKEN}"])
def test_a_language_that_the_edition_lacks_is_not_found(address: str) -> None:
    with browsing(FakeDesk(pages={"en": "<p>News</p>"})) as browser:
        assert browser.get(address).status_code == 404


def test_a_picture_may_be_kept_for_good_and_is_nothing_but_a_picture() -> None:
    """X9."""
    desk = FakeDesk(media_files={"abc.png": Media(b"\x89PNG", "image/png")})

    with browsing(desk) as browser:
        answer = browser.get("/media/abc.png")

    assert answer.content == b"\x89PNG"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["none.png", "..%2Fabc.png", "%2e%2e/abc.png", "abc.png/"])
def test_a_picture_that_we_do_not_have_is_not_found(name: str) -> None:
    desk = FakeDesk(media_files={"abc.png": Media(b"\x89PNG", "image/png")})

    with browsing(desk) as browser:
        assert browser.get(f"/media/{name}").status_code == 404
