"""The public archive: the same to everybody, at addresses that stay."""

from __future__ import annotations

import pytest
from lxml import html
from starlette.testclient import TestClient

from newsletter.web.archive_lists import PAGE_LENGTH, overview_of
from tests.fake_archive_desk import BEGUN, FakeArchive, an_archived_edition, many_editions
from tests.fakes import FakeDesk
from tests.public_pages import browsing, heading, page

ARCHIVE = "/en/archive"
SHELF = f"{ARCHIVE}/monthly-bulletin"
EDITION = f"{SHELF}/2026-03"
BASE = "https://news.example.org"


def get(address: str, archive: FakeArchive | None = None, **headers: str) -> TestClient:
    with browsing(FakeDesk(archive=archive or FakeArchive())) as browser:
        return browser.get(address, headers=headers)


def links(text: str) -> dict[str, str]:
    """The words of every link inside main, and where it leads."""
    found = page(text).xpath("//main//a")
    return {str(one.text_content()).strip(): str(one.get("href")) for one in found}


def alternates(text: str) -> dict[str, str]:
    """The addresses by language that a document's head names."""
    found = page(text).xpath("//link[@rel='alternate' and @hreflang]")
    return {str(one.get("hreflang")): str(one.get("href")) for one in found}


def test_the_first_page_shows_every_topic_with_its_newest_editions() -> None:
    answer = get(ARCHIVE, FakeArchive(editions=many_editions(9)))

    assert heading(answer.text) == "Past editions"
    assert list(links(answer.text).items()) == [
        ("News e8 in en", f"{SHELF}/e8"),
        ("News e7 in en", f"{SHELF}/e7"),
        ("News e6 in en", f"{SHELF}/e6"),
        ("All editions of Monthly bulletin", SHELF),
    ]


@pytest.mark.parametrize(("topics", "of_each"), [(1, 3), (10, 3), (15, 2), (30, 1)])
def test_the_more_topics_there_are_the_fewer_editions_of_each_are_shown(
    topics: int, of_each: int
) -> None:
    shelf = FakeArchive(editions=many_editions(3)).newest(3)[0]

    shown = overview_of([shelf] * topics, "en")

    assert [len(one.entries) for one in shown] == [of_each] * topics


def test_an_archive_of_nothing_says_so() -> None:
    nothing = FakeArchive(editions=())

    assert "No newsletter has been published here yet." in get(ARCHIVE, nothing).text
    assert "No edition has been published yet." in get(SHELF, nothing).text


def test_a_topic_shows_its_editions_with_the_day_that_each_was_sent() -> None:
    answer = get(SHELF)

    assert heading(answer.text) == "Monthly bulletin"
    times = page(answer.text).xpath("//main//time")
    assert [(one.get("datetime"), one.text) for one in times] == [
        ("2026-03-02T09:00:00Z", "2 March 2026"),
        ("2026-02-01T09:00:00Z", "1 February 2026"),
        ("2026-01-02T09:00:00Z", "2 January 2026"),
    ]


def test_an_edition_that_lacks_the_pages_language_is_shown_in_its_own() -> None:
    """WCAG 3.1.2: marked, by a word and for whoever listens."""
    answer = get(SHELF)

    (link,) = page(answer.text).xpath("//main//a[contains(., 'in cy')]")
    assert link.get("href") == "/cy/archive/monthly-bulletin/2026-02"
    assert link.get("hreflang") == "cy"
    assert [one.get("lang") for one in link.xpath("./span")] == ["cy"]
    assert "Language: Welsh" in link.getparent().text_content()
    assert get(f"{SHELF}/2026-02").status_code == 404


@pytest.mark.parametrize("number", [0, 1, PAGE_LENGTH, PAGE_LENGTH + 1, 250])
def test_every_edition_stands_on_one_page_and_no_page_is_long(number: int) -> None:
    archive = FakeArchive(
        editions=tuple(
            an_archived_edition(f"e{day}", day=day, titles={"cy": "Newyddion & mwy " * 8})
            for day in reversed(range(number))
        )
    )
    seen: list[str] = []
    address: str | None = SHELF

    while address:
        text = get(address, archive).text
        assert len(text.encode()) <= 15 * 1024
        seen += page(text).xpath("//ul[@class='list']//a/@href")
        address = links(text).get("Older editions")

    assert seen == [f"/cy/archive/monthly-bulletin/{one.slug}" for one in archive.editions]


def test_the_pages_of_a_long_list_lead_to_and_fro_and_say_which_they_are() -> None:
    archive = FakeArchive(editions=many_editions(2 * PAGE_LENGTH + 1))

    second, third = (get(f"{SHELF}/page/{number}", archive).text for number in (2, 3))

    assert heading(second) == "Monthly bulletin, page 2 of 3"
    assert links(second)["Newer editions"] == SHELF
    assert links(third)["Newer editions"] == f"{SHELF}/page/2"
    assert "Older editions" not in links(third)
    assert alternates(third)["cy"] == f"{BASE}/cy/archive/monthly-bulletin/page/3"


def test_an_edition_is_the_mails_own_document_below_a_bar_of_ours() -> None:
    answer = get(EDITION)

    document = page(answer.text)
    assert heading(answer.text) == "News 2026-03"
    assert document.xpath("//main/h1")
    (bar,) = document.xpath("//nav")
    assert document.xpath("//body/*")[0] is bar
    assert (bar.get("lang"), bar.get("dir")) == ("en", "ltr")
    assert [(one.text, one.get("href")) for one in bar.xpath(".//a")] == [
        ("All editions of Monthly bulletin", SHELF),
        ("Cymraeg", "/cy/archive/monthly-bulletin/2026-03"),
        ("Plain text", f"{EDITION}.txt"),
    ]


def test_an_edition_is_trusted_with_nothing() -> None:
    """X4."""
    policy = get(EDITION).headers["Content-Security-Policy"].split("; ")

    assert policy[0].startswith("sandbox")
    assert not {"allow-scripts", "allow-same-origin", "allow-forms"} & set(policy[0].split())
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("address", [ARCHIVE, SHELF, EDITION, f"{EDITION}.txt", f"{SHELF}.atom"])
def test_what_is_public_may_be_found_and_kept_for_a_while(address: str) -> None:
    answer = get(address)

    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Language"] == "en"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["archive", "archive/monthly-bulletin"])
def test_every_language_of_a_list_is_named_in_the_page_and_in_a_header(path: str) -> None:
    answer = get(f"/cy/{path}")

    expected = {
        "en": f"{BASE}/en/{path}",
        "cy": f"{BASE}/cy/{path}",
        "x-default": f"{BASE}/en/{path}",
    }
    assert alternates(answer.text) == expected
    assert page(answer.text).xpath("//link[@rel='canonical']/@href") == [f"{BASE}/cy/{path}"]
    link = answer.headers["Link"]
    assert link.startswith(f'<{BASE}/cy/{path}>; rel="canonical"')
    assert all(f'<{to}>; rel="alternate"; hreflang="{tag}"' in link for tag, to in expected.items())


def test_an_edition_names_the_languages_that_it_has_and_no_other() -> None:
    answer = get("/cy/archive/monthly-bulletin/2026-02")

    address = f"{BASE}/cy/archive/monthly-bulletin/2026-02"
    assert alternates(answer.text) == {"cy": address, "x-default": address}
    assert 'hreflang="en"' not in answer.headers["Link"]


def test_plain_text_names_the_page_that_it_is_the_text_of() -> None:
    answer = get(f"{EDITION}.txt")

    assert answer.text == "News 2026-03\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Link"] == f'<{BASE}{EDITION}>; rel="canonical"'


@pytest.mark.parametrize("address", [ARCHIVE, SHELF, EDITION, f"{EDITION}.txt", f"{SHELF}.json"])
def test_who_has_it_already_is_told_so(address: str) -> None:
    """RFC 9110 section 13.1.2."""
    with browsing(FakeDesk()) as browser:
        first = browser.get(address)
        etag = first.headers["ETag"]

        again = [
            browser.get(address, headers={"If-None-Match": asked})
            for asked in (etag, f"W/{etag}", f'"other", {etag}', "*")
        ]
        changed = browser.get(address, headers={"If-None-Match": '"other"'})

    assert {one.status_code for one in again} == {304}
    assert {one.content for one in again} == {b""}
    assert {one.headers["ETag"] for one in again} == {etag}
    assert changed.content == first.content


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 02 Mar 2026 09:00:00 GMT", 304),
        ("Mon, 02 Mar 2026 08:59:59 GMT", 200),
        ("yesterday", 200),
        ("Mon, 02 Mar 2026 09:00:00", 200),
    ],
)
def test_an_edition_was_last_changed_when_it_was_sent(since: str, status: int) -> None:
    answer = get(EDITION, **{"If-Modified-Since": since})

    assert answer.status_code == status
    assert answer.headers["Last-Modified"] == "Mon, 02 Mar 2026 09:00:00 GMT"


def test_an_etag_counts_for_more_than_a_date() -> None:
    """RFC 9110 section 13.1.3."""
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Mon, 02 Mar 2026 09:00:00 GMT"}

    assert get(EDITION, **headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "board",
        "board.atom",
        "board/2026-03",
        "monthly-bulletin/none",
        "monthly-bulletin/2026-02",
        "monthly-bulletin/2026-03/",
        "monthly-bulletin/2026-03.txt.txt",
        "monthly-bulletin.atom.atom",
        "monthly-bulletin/..%2F2026-03",
        "%2e%2e/monthly-bulletin",
        "monthly-bulletin%2F2026-03%00",
        "monthly-bulletin/page/0",
        "monthly-bulletin/page/2",
        "monthly-bulletin/page/99999999999999999999999999",
        f"monthly-bulletin/page/{'9' * 5000}",
        "monthly-bulletin/page/-1",
        "monthly-bulletin/page/x",
        "Monthly-Bulletin",
    ],
)
def test_what_is_not_there_is_the_page_of_everything_that_is_not_found(path: str) -> None:
    """T7, T15: private, absent, garbled: one answer, byte for byte."""
    with browsing(FakeDesk()) as browser:
        answer = browser.get(f"/en/archive/{path}")
        nothing = browser.get("/en/nothing")

    assert answer.status_code == 404
    assert answer.content == nothing.content
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["archive", "archive/monthly-bulletin", "archive/x.atom"])
def test_a_language_that_the_site_does_not_speak_is_not_found(path: str) -> None:
    with browsing(FakeDesk()) as browser:
        assert browser.get(f"/pl/{path}").content == browser.get("/pl/nothing").content


def test_the_archives_door_leads_to_it_in_every_language() -> None:
    assert list(links(get("/archive").text).values()) == ["/en/archive", "/cy/archive"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_name_that_tries_to_be_markup_is_words(language: str) -> None:
    """X3."""
    hostile = '<img src=x onerror="x">'
    archive = FakeArchive(
        editions=(an_archived_edition("one", titles={"en": hostile, "cy": hostile}),),
        names={"en": hostile},
    )

    for path in ("archive", "archive/monthly-bulletin", "archive/monthly-bulletin/one"):
        text = get(f"/{language}/{path}", archive).text
        assert not html.document_fromstring(text).xpath("//img")


def test_the_day_is_the_sites() -> None:
    late = an_archived_edition("one", published_at=BEGUN.replace(month=7, hour=23, minute=30))

    assert "2 July 2026" in get(SHELF, FakeArchive(editions=(late,))).text
