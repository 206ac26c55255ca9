"""Links are opened, each address once, and what is wrong with them becomes findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.app.link_checking import Bounds, LinkChecker, asked_address
from newsletter.app.link_memory import LinkMemory
from newsletter.app.safe_fetching import ReplyKind
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.findings.rules import RULES
from newsletter.domain.compiled import CompiledEdition, CompiledLanguage, CompiledLink
from newsletter.domain.findings import Finding, Level
from tests.builders import a_letter, an_article, an_edition
from tests.https_server import EXPIRED_SITE, UNTRUSTED, HttpsServer, Page, Resolver

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
OUR_PAGES = "https://news.bulletin.internal"
OUR_FILES = "https://files.bulletin.internal/media"
_ALL_GONE = (Page.GONE, Page.NOT_FOUND)


@pytest.fixture
def server() -> Iterator[HttpsServer]:
    with HttpsServer() as running:
        yield running


@pytest.fixture
def checker(server: HttpsServer) -> LinkChecker:
    return LinkChecker((OUR_PAGES, OUR_FILES), LinkMemory(None), NOW, server.rules())


def compiled(*english: CompiledLink, welsh: Sequence[CompiledLink] = ()) -> CompiledEdition:
    languages = {
        tag: CompiledLanguage(tag, (tag,), (), (), (), links=tuple(links))
        for tag, links in (("en", english), ("cy", welsh))
    }
    return CompiledEdition("2026-11", "bulletin", languages, (), (), ())


def a_link(address: str, *, label: str = "Our report", section: int | None = 1) -> CompiledLink:
    return CompiledLink(label, address, section)


def checked(checker: LinkChecker, edition: CompiledEdition) -> tuple[Finding, ...]:
    found = FindingList(an_edition(a_letter(), an_article()))
    checker.check(edition, found, lambda done, total: None)
    return found.all()


# What is found.


@pytest.mark.parametrize(
    ("page", "level", "words"),
    [
        (Page.NOT_FOUND, Level.MUST, "there is no such page (the answer was 404)"),
        (Page.GONE, Level.MUST, "there is no such page (the answer was 410)"),
        (Page.FAILING, Level.SHOULD, "answers with an error (503)"),
        (Page.BUSY, Level.SHOULD, "answers with an error (429)"),
        (Page.GARBAGE, Level.SHOULD, "cannot be understood"),
        (Page.HANGS, Level.SHOULD, "did not answer in time"),
    ],
)
def test_a_page_that_readers_would_not_get_is_a_finding(
    server: HttpsServer, checker: LinkChecker, page: Page, level: Level, words: str
) -> None:
    url = server.url(page)

    hasty = replace(checker, rules=server.rules(time=0.5))
    (finding,) = checked(hasty, compiled(a_link(url, label="Read it", section=2)))

    assert (finding.rule, finding.level) == ("link-broken", level)
    assert (finding.language, finding.section) == ("en", 2)
    assert f"“Read it” leads to {url}, " in finding.message
    assert words in finding.message
    assert finding.fix


@pytest.mark.parametrize(
    ("host", "level", "words"),
    [
        ("nowhere.internal", Level.MUST, "there is no site of that name"),
        (EXPIRED_SITE, Level.MUST, "certificate"),
        (UNTRUSTED, Level.SHOULD, "no secure connection"),
        ("office.internal", Level.SHOULD, "inside a private network"),
    ],
)
def test_a_site_that_readers_would_not_get_to_is_a_finding(
    server: HttpsServer, checker: LinkChecker, host: str, level: Level, words: str
) -> None:
    rules = server.rules(Resolver({"office.internal": [["10.0.0.1"]]}))
    link = a_link(server.url(Page.OK, host=host))

    (finding,) = checked(replace(checker, rules=rules), compiled(link))

    assert finding.level == level
    assert words in finding.message
    assert server.asked == []


def test_a_page_that_has_moved_for_good_is_advice_and_names_the_new_address(
    server: HttpsServer, checker: LinkChecker
) -> None:
    moved = a_link(server.redirect(301, Page.OK))
    passing = a_link(server.redirect(302, Page.OK))

    (finding,) = checked(checker, compiled(moved, passing))

    assert finding.level is Level.ADVICE
    assert finding.message.endswith(f"which has moved for good to {server.url(Page.OK)}.")


def test_a_page_that_is_there_is_no_finding(server: HttpsServer, checker: LinkChecker) -> None:
    assert checked(checker, compiled(a_link(server.url(Page.OK)))) == ()


def test_every_way_to_fail_has_its_words() -> None:
    kinds = {kind.value for kind in ReplyKind} - {"answered"}

    assert set(RULES["link-broken"].cases) == kinds | {"missing", "error", "moved", "unasked"}


# What is asked.


def test_an_address_is_asked_once_and_told_at_each_of_its_places(
    server: HttpsServer, checker: LinkChecker
) -> None:
    url = server.url(Page.GONE)
    english = [a_link(url), a_link(url, label="Agenda", section=2), a_link(f"{url}#end")]

    findings = checked(checker, compiled(*english, welsh=[a_link(url, label="Adroddiad")]))

    assert server.lines == ["HEAD /gone", "GET /gone"]
    assert sorted((one.language or "", one.section or 0) for one in findings) == [
        ("cy", 1), ("en", 1), ("en", 1), ("en", 2),
    ]  # fmt: skip


def test_a_link_in_several_variants_is_one_finding(
    server: HttpsServer, checker: LinkChecker
) -> None:
    edition = compiled(a_link(server.url(Page.GONE)))
    variant = replace(edition.languages["en"], segments=("members",))

    assert len(checked(checker, replace(edition, variants=(variant,)))) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#events",
        "{unsubscribe}",
        "http://www.site.internal/",
        "mailto:news@site.internal",
        "tel:+441970123456",
        "javascript:alert(1)",
        "https://www.example.org/report",
        "https://example.com",
        "https://www.afon.example/cy/adroddiad",
        "https://a.test:8443/x",
        "https://a.invalid?x",
        OUR_PAGES,
        f"{OUR_PAGES}/en/archive#top",
        f"{OUR_FILES}/1f2e.ics",
    ],
)
def test_these_addresses_are_not_asked(address: str) -> None:
    assert asked_address(address, [OUR_PAGES, OUR_FILES]) is None


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://www.site.internal/a?b=c#d", "https://www.site.internal/a?b=c"),
        ("HTTPS://www.site.internal", "HTTPS://www.site.internal"),
        ("https://files.bulletin.internal/", "https://files.bulletin.internal/"),
        (f"{OUR_PAGES}.attacker.internal/", f"{OUR_PAGES}.attacker.internal/"),
        ("https://example.org.attacker.internal/", "https://example.org.attacker.internal/"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_these_addresses_are_asked_without_their_fragment(address: str, asked: str) -> None:
    assert asked_address(address, [OUR_PAGES, OUR_FILES]) == asked


# Bounds.


def test_no_more_addresses_are_asked_than_the_bounds_allow_and_the_rest_is_told(
    server: HttpsServer, checker: LinkChecker
) -> None:
    links = [a_link(f"{server.url(Page.OK)}?{number}") for number in range(3)]
    narrow = replace(checker, bounds=Bounds(addresses=1))

    (finding,) = checked(narrow, compiled(*links))

    assert len(server.asked) == 1
    assert finding.level is Level.SHOULD
    assert finding.message.endswith("too many or too slow: 2.")


def test_when_time_is_up_what_was_answered_counts(
    server: HttpsServer, checker: LinkChecker
) -> None:
    links = [a_link(server.url(page)) for page in (Page.GONE, Page.HANGS)]
    hasty = replace(checker, bounds=Bounds(time=0.5))

    findings = checked(hasty, compiled(*links))

    assert [one.level for one in findings] == [Level.SHOULD, Level.MUST]
    assert findings[0].message.endswith("too many or too slow: 1.")


def test_several_are_asked_at_once(server: HttpsServer, checker: LinkChecker) -> None:
    """One that hangs does not keep the others waiting."""
    links = [a_link(server.url(Page.HANGS)), *(a_link(server.url(page)) for page in _ALL_GONE)]
    hasty = replace(checker, bounds=Bounds(at_once=2, time=0.5))

    findings = checked(hasty, compiled(*links))

    assert [one.level for one in findings].count(Level.MUST) == len(_ALL_GONE)


def test_who_watches_is_told_how_far_it_has_come(server: HttpsServer, checker: LinkChecker) -> None:
    seen: list[tuple[int, int]] = []
    links = [a_link(server.url(page)) for page in (Page.OK, Page.GONE)]

    checker.check(
        compiled(*links), FindingList(an_edition()), lambda done, total: seen.append((done, total))
    )

    assert seen == [(1, 2), (2, 2)]


# Memory.


def test_a_second_check_asks_only_what_is_no_longer_known(
    server: HttpsServer, checker: LinkChecker, tmp_path: Path
) -> None:
    remembering = replace(checker, memory=LinkMemory(tmp_path / "link-checks.json"))
    edition = compiled(a_link(server.url(Page.OK)), a_link(server.url(Page.GONE)))

    first = checked(remembering, edition)
    server.asked.clear()
    second = checked(remembering, edition)
    in_an_hour = replace(remembering, now=NOW + timedelta(hours=1))
    third = checked(in_an_hour, edition)

    assert first == second == third
    assert server.lines == ["HEAD /gone", "GET /gone"]
