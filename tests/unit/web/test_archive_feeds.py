"""Feeds as RFC 4287 and JSON Feed 1.1 ask for them, read by a parser that shares no code."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter.domain.archive import Shelf
from newsletter.web.archive_feeds import FeedFacts, atom_feed, json_feed
from tests.fake_archive_desk import BEGUN, FakeArchive, an_archived_edition, many_editions
from tests.fakes import FakeDesk
from tests.public_pages import browsing, page

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "https://news.example.org"
SHELF = f"{BASE}/en/archive/monthly-bulletin"
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
WORDS = st.text(max_size=80)


def one(parent: Any, name: str) -> Any:
    """The only child of that name (RFC 4287 section 4.1: exactly one)."""
    (found,) = parent.findall(f"a:{name}", ATOM)
    return found


def check_common(element: Any) -> None:
    """What a feed and each of its entries must have (RFC 4287 sections 4.1.1 and 4.1.2)."""
    address = urlsplit(one(element, "id").text)
    assert (address.scheme, address.netloc) == ("https", "news.example.org")
    assert not address.fragment
    title = one(element, "title")
    assert title.get("type", "text") == "text"
    assert len(title) == 0
    updated = one(element, "updated").text
    assert TIMESTAMP.fullmatch(updated)
    assert datetime.fromisoformat(updated).tzinfo is not None
    for link in element.findall("a:link", ATOM):
        assert urlsplit(link.get("href")).scheme == "https"
    relations = [(link.get("rel"), link.get("type")) for link in element.findall("a:link", ATOM)]
    assert relations.count(("alternate", "text/html")) == 1


def check_atom(document: bytes) -> Any:
    """The root of a feed that breaks no rule of RFC 4287."""
    feed = etree.fromstring(document)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    check_common(feed)
    assert one(one(feed, "author"), "name").text.strip()
    assert [link.get("rel") for link in feed.findall("a:link", ATOM)].count("self") == 1
    entries = feed.findall("a:entry", ATOM)
    for entry in entries:
        check_common(entry)
        assert len(entry.findall("a:summary", ATOM)) <= 1
    ids = [one(element, "id").text for element in (feed, *entries)]
    assert len(ids) == len(set(ids))
    known = {"id", "title", "updated", "published", "author", "name", "link", "entry", "summary"}
    assert {etree.QName(element).localname for element in feed.iterdescendants()} <= known
    return feed


def shelf_of(*editions: Any) -> Shelf:
    names = {"en": "Monthly bulletin", "cy": "Bwletin misol"}
    return Shelf("monthly-bulletin", names, BEGUN, len(editions), editions)


FACTS = FeedFacts(BASE, "en", "Aber Valley Council")


def test_a_feed_keeps_every_rule_and_says_whose_it_is() -> None:
    with browsing(FakeDesk()) as browser:
        answer = browser.get("/cy/archive/monthly-bulletin.atom")

    feed = check_atom(answer.content)
    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert feed.get(LANG) == "cy"
    assert one(feed, "title").text == "Bwletin misol"
    assert one(one(feed, "author"), "name").text == "Cyngor Cwm Aber"
    assert one(feed, "updated").text == "2026-03-02T09:00:00Z"


def test_an_entry_is_known_by_its_permanent_address_for_ever() -> None:
    feed = check_atom(atom_feed(shelf_of(an_archived_edition("2026-03", day=60)), FACTS))

    entry = one(feed, "entry")
    assert one(entry, "id").text == f"{SHELF}/2026-03"
    assert one(entry, "link").get("href") == f"{SHELF}/2026-03"
    assert one(entry, "updated").text == one(entry, "published").text == "2026-03-02T09:00:00Z"
    assert one(entry, "summary").text == "What is new in 2026-03"
    assert entry.get(LANG) == "en"


def test_an_edition_of_another_language_says_so_in_both_feeds() -> None:
    shelf = shelf_of(an_archived_edition("2026-02", languages=("cy",)))

    entry = one(check_atom(atom_feed(shelf, FACTS)), "entry")
    with browsing(FakeDesk(archive=FakeArchive(editions=shelf.editions))) as browser:
        (item,) = browser.get("/en/archive/monthly-bulletin.json").json()["items"]

    address = f"{BASE}/cy/archive/monthly-bulletin/2026-02"
    assert (entry.get(LANG), one(entry, "link").get("hreflang")) == ("cy", "cy")
    assert one(entry, "id").text == item["id"] == item["url"] == address
    assert item["language"] == "cy"


def test_a_feed_of_nothing_is_a_feed() -> None:
    feed = check_atom(atom_feed(shelf_of(), FACTS))

    assert one(feed, "updated").text == "2026-01-01T09:00:00Z"


def test_an_edition_without_words_for_the_inbox_has_a_title_all_the_same() -> None:
    edition = an_archived_edition("2026-03", titles={"en": ""}, summaries={})

    entry = one(check_atom(atom_feed(shelf_of(edition), FACTS)), "entry")

    assert one(entry, "title").text == "2026-03"
    assert entry.findall("a:summary", ATOM) == []


def test_a_json_feed_has_what_its_version_asks_for() -> None:
    """JSON Feed 1.1: version, title and items; of an item the id, as text, and some content."""
    with browsing(FakeDesk()) as browser:
        answer = browser.get("/en/archive/monthly-bulletin.json")

    feed = answer.json()
    assert answer.headers["Content-Type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["language"]) == ("Monthly bulletin", "en")
    assert (feed["home_page_url"], feed["feed_url"]) == (SHELF, f"{SHELF}.json")
    assert feed["authors"] == [{"name": "Aber Valley Council"}]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["url"].startswith(f"{BASE}/")
        assert item["content_text"]
        assert TIMESTAMP.fullmatch(item["date_published"])


@pytest.mark.parametrize("path", ["monthly-bulletin", "monthly-bulletin/page/2"])
def test_a_list_tells_programs_of_its_feeds(path: str) -> None:
    with browsing(FakeDesk(archive=FakeArchive(editions=many_editions(40)))) as browser:
        text = browser.get(f"/cy/archive/{path}").text

    found = page(text).xpath("//head/link[@type][@rel='alternate']")
    assert [(link.get("rel"), link.get("type"), link.get("href")) for link in found] == [
        ("alternate", "application/atom+xml", "/cy/archive/monthly-bulletin.atom"),
        ("alternate", "application/feed+json", "/cy/archive/monthly-bulletin.json"),
    ]


def test_a_feed_is_of_the_newest_editions_only() -> None:
    with browsing(FakeDesk(archive=FakeArchive(editions=many_editions(40)))) as browser:
        feed = check_atom(browser.get("/en/archive/monthly-bulletin.atom").content)

    titles = [one(entry, "title").text for entry in feed.findall("a:entry", ATOM)]
    assert titles == [f"News e{day} in en" for day in range(39, 19, -1)]


@given(title=WORDS, summary=WORDS, name=WORDS.filter(str.strip))
def test_any_words_make_a_feed_that_can_be_read(title: str, summary: str, name: str) -> None:
    edition = an_archived_edition("e", titles={"en": title}, summaries={"en": summary})
    shelf = Shelf("monthly-bulletin", {"en": name}, BEGUN, 1, (edition,))

    check_atom(atom_feed(shelf, FACTS))
    json_feed(shelf, FACTS)
