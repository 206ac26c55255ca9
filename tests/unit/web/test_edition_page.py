"""An edition in the browser, and the pictures in it."""

from __future__ import annotations

import pytest

from newsletter.domain.readers import Media
from tests.fakes import VIEW_TOKEN, FakeDesk
from tests.public_pages import a_house, browsing

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
