"""The public archive: the editions of every public topic, at addresses that stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.app.archive.kept import Kept
from newsletter.domain.archive import ArchivePlace, EditionPage, Shelf, shelf_path
from newsletter.domain.languages import in_language
from newsletter.web.alternates import alternates
from newsletter.web.archive_feeds import FeedFacts, atom_feed, json_feed
from newsletter.web.archive_lists import (
    PAGE_LENGTH,
    FeedLinks,
    entries,
    last_page,
    overview_of,
    page_path,
)
from newsletter.web.asked import found, language_asked
from newsletter.web.desks.archive import ArchiveDesk
from newsletter.web.edition_frame import EditionFrame
from newsletter.web.headers import LASTING_HEADERS, PAGE_HEADERS, edition_headers
from newsletter.web.page_writer import PageWriter
from newsletter.web.public_answers import open_to_all, public_answer
from newsletter.web.site_pages import SitePages

_NEWEST = 3
"""Editions of each topic on the page of all topics."""
_IN_A_FEED = 20
_MOST_WRITTEN = 500
_PAGE_NUMBER = re.compile("[1-9][0-9]{0,3}")
"""Far more than any topic has, far less than a database can count, and one spelling of each: what
is longer Python itself may refuse to read."""


@dataclass(frozen=True, slots=True)
class _Shelved:
    """What an address names: a topic and an edition of it, or "", in a language of the site."""

    language: str
    topic: str
    slug: str


@dataclass(frozen=True, slots=True)
class _ListPage:
    """A list in one language; `path` is its address in each, `version` what is on it."""

    language: str
    path: Callable[[str], str]
    version: Hashable


class ArchivePages:
    """Shows what everybody may read, the same to all; what is private is not found (T15)."""

    def __init__(self, desk: ArchiveDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer
        self._frame = EditionFrame(site)
        self._written: Kept[Hashable, bytes] = Kept(_MOST_WRITTEN)
        self._page_headers = open_to_all(PAGE_HEADERS)
        self._file_headers = open_to_all(LASTING_HEADERS)
        self._edition_headers = open_to_all(edition_headers(site.media_origin))

    def routes(self) -> list[Route]:
        """The addresses."""
        archive = "/{language}/archive"
        return [
            Route("/archive", self.door),
            Route(archive, self.overview),
            Route(archive + "/{topic}.atom", self.atom),
            Route(archive + "/{topic}.json", self.json),
            Route(archive + "/{topic}", self.shelf),
            Route(archive + "/{topic}/page/{number}", self.shelf),
            Route(archive + "/{topic}/{slug}.txt", self.text),
            Route(archive + "/{topic}/{slug}", self.edition),
        ]

    def door(self, request: Request) -> Response:
        """The ways to the archive in each language."""
        page = self._writer.in_several("archive_languages.html.j2", self._site.languages, _overview)
        return public_answer(request, bytes(page.body), self._page_headers, "text/html")

    def overview(self, request: Request) -> Response:
        """Every public topic with its newest editions."""
        language = language_asked(request, self._site)
        shelves = self._desk.newest(_NEWEST)
        page = _ListPage(language, _overview, tuple(one.version for one in shelves))
        return self._list(
            request,
            page,
            "archive.html.j2",
            lambda: {"shelves": overview_of(shelves, language)},
        )

    def shelf(self, request: Request) -> Response:
        """A topic's editions, the newest first, some of them on each page."""
        asked, number = self._asked(request), _number_asked(request)
        skip = (number - 1) * PAGE_LENGTH
        shelf = found(self._desk.shelf(asked.topic, skip=skip, most=PAGE_LENGTH))
        found(number if number <= last_page(shelf) else None)
        page = _ListPage(
            asked.language, lambda tag: page_path(tag, asked.topic, number), shelf.version
        )
        return self._list(
            request,
            page,
            "archive_shelf.html.j2",
            lambda: _shelf_facts(shelf, asked.language, number),
        )

    def edition(self, request: Request) -> Response:
        """The edition's own HTML, in a sandbox (X4), below a bar of ours."""
        asked = self._asked(request)
        page, place = _placed(self._desk.page(asked.topic, asked.slug, asked.language))
        spoken = [one for one in page.languages if one in self._site.languages]
        to = alternates(self._site.base_url, place.path, asked.language, spoken)
        html = self._frame.archived(page, place, asked.language, to)
        headers = self._edition_headers | {"Content-Language": asked.language, "Link": to.header}
        return public_answer(
            request, html.encode(), headers, "text/html", changed_at=place.published_at
        )

    def text(self, request: Request) -> Response:
        """The edition as plain text."""
        asked = self._asked(request)
        page, place = _placed(self._desk.text(asked.topic, asked.slug, asked.language))
        html = self._site.base_url + place.path(asked.language)
        headers = self._file_headers | {
            "Content-Language": asked.language,
            "Link": f'<{html}>; rel="canonical"',
        }
        return public_answer(
            request, page.content.encode(), headers, "text/plain", changed_at=place.published_at
        )

    def atom(self, request: Request) -> Response:
        """The topic's newest editions for feed readers."""
        return self._feed(request, atom_feed, "application/atom+xml")

    def json(self, request: Request) -> Response:
        """The same as a JSON Feed."""
        return self._feed(request, json_feed, "application/feed+json")

    def _feed(
        self, request: Request, write: Callable[[Shelf, FeedFacts], bytes], media_type: str
    ) -> Response:
        asked = self._asked(request)
        shelf = found(self._desk.shelf(asked.topic, skip=0, most=_IN_A_FEED))
        author = self._site.name_in(asked.language)
        facts = FeedFacts(self._site.base_url, asked.language, author)
        key = (media_type, asked.language, shelf.version)
        content = self._written.get(key, lambda: write(shelf, facts))
        headers = self._file_headers | {"Content-Language": asked.language}
        return public_answer(request, content, headers, media_type)

    def _list(
        self,
        request: Request,
        page: _ListPage,
        template: str,
        facts: Callable[[], Mapping[str, object]],
    ) -> Response:
        """A list of editions in all languages of the site, written once for each of its states."""
        base_url, languages = self._site.base_url, self._site.languages
        to = alternates(base_url, page.path, page.language, languages)

        def write() -> bytes:
            shown = self._writer.page(template, page.language, page.path, alternates=to, **facts())
            return bytes(shown.body)

        content = self._written.get((to.canonical, page.version), write)
        headers = self._page_headers | {"Content-Language": page.language, "Link": to.header}
        return public_answer(request, content, headers, "text/html")

    def _asked(self, request: Request) -> _Shelved:
        return _Shelved(
            language_asked(request, self._site),
            request.path_params["topic"],
            request.path_params.get("slug", ""),
        )


def _number_asked(request: Request) -> int:
    """The number of the page in the address, 1 without any; raises HTTPException 404 for what is
    none."""
    text = request.path_params.get("number", "1")
    return int(found(text if _PAGE_NUMBER.fullmatch(text) else None))


def _shelf_facts(shelf: Shelf, language: str, number: int) -> Mapping[str, object]:
    """What a page of a topic's editions says, and where it leads."""
    page, last = shelf_path(language, shelf.topic), last_page(shelf)

    def neighbour(other: int) -> str | None:
        return page_path(language, shelf.topic, other) if 1 <= other <= last else None

    return {
        "shelf": shelf,
        "entries": entries(shelf, language),
        "overview": _overview(language),
        "number": number,
        "last": last,
        "newer": neighbour(number - 1),
        "older": neighbour(number + 1),
        "feed": FeedLinks(in_language(shelf.names, language), f"{page}.atom", f"{page}.json"),
    }


def _overview(language: str) -> str:
    return f"/{language}/archive"


def _placed(page: EditionPage | None) -> tuple[EditionPage, ArchivePlace]:
    """The page and where it lies; raises HTTPException 404 when there is none."""
    shown = found(page)
    return shown, found(shown.place)
