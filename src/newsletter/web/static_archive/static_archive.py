"""Every page of the archive and all that it is made of, as files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from lxml import html
from starlette.types import ASGIApp

from newsletter.domain.errors import SurroundingsFailed
from newsletter.web.site_pages import SitePages
from newsletter.web.static_archive.files import ArchiveFiles
from newsletter.web.static_archive.inside_calls import Answer, InsideCalls
from newsletter.web.static_archive.offline_documents import OfflineDocuments, linked

_HTML = "text/html"
_PARTS = ("/media/", "/static/")
"""Where that lies which pages are made of: without any of it the archive is not whole."""


@dataclass(frozen=True)
class StaticArchive:
    """What was answered for every path of the archive."""

    files: ArchiveFiles
    answers: Mapping[str, Answer]

    @property
    def names(self) -> tuple[str, ...]:
        """The files, in the order of their names, relative to the folder that they go to."""
        return tuple(sorted(self._sources))

    def content(self, name: str) -> bytes:
        """The content of one of the files."""
        answer = self.answers[self._sources[name]]
        if answer.media_type != _HTML:
            return answer.body
        documents = OfflineDocuments(self.files, self.answers.keys())
        policy = answer.headers["content-security-policy"]
        return documents.document(answer.body, name, policy)

    @cached_property
    def _sources(self) -> dict[str, str]:
        """The path that each file shows."""
        return {self.files.file(path): path for path in self.answers} | self.files.homes()


def read_archive(
    app: ASGIApp, site: SitePages, told: Callable[[int, int], object]
) -> StaticArchive:
    """Reads the archive of `site` by its links, page after page; `told` is told how many pages are
    read, of how many known so far.

    Raises SurroundingsFailed when one that there is cannot be read.
    """
    media_url = site.media_url or f"{site.base_url}/media"
    files = ArchiveFiles(site.base_url, media_url, site.languages)
    reading = _Reading(InsideCalls(app, site.base_url), files)
    asyncio.run(reading.read(told))
    return StaticArchive(files, reading.found)


class _Reading:
    """One walk through all pages."""

    def __init__(self, calls: InsideCalls, files: ArchiveFiles) -> None:
        self._calls = calls
        self._files = files
        self.found: dict[str, Answer] = {}

    async def read(self, told: Callable[[int, int], object]) -> None:
        """Asks for every page that another one leads to, once."""
        known = dict.fromkeys(self._files.starts)
        waiting = list(known)
        while waiting:
            path = waiting.pop()
            answer = await self._calls.get(path)
            if _is_there(path, answer):
                self.found[path] = answer
                new = [one for one in self._links(answer) if one not in known]
                known |= dict.fromkeys(new)
                waiting += new
            told(len(known) - len(waiting), len(known))

    def _links(self, answer: Answer) -> Iterator[str]:
        if answer.media_type != _HTML:
            return
        root = html.document_fromstring(answer.body.decode())
        paths = {path: None for _, _, path in linked(root, self._files)}
        yield from (path for path in paths if self._files.is_part(path))


def _is_there(path: str, answer: Answer) -> bool:
    if answer.status == HTTPStatus.OK:
        return True
    if answer.status == HTTPStatus.NOT_FOUND and not path.startswith(_PARTS):
        return False  # what an author's own link leads to
    raise SurroundingsFailed(
        f"{path} could not be read, which the archive needs",
        cure="See that the media folder is whole, and with `newsletter db check` that the database"
        " answers; then run this again.",
    )
