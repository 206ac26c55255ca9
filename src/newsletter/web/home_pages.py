"""The home page: the ways to everything that a reader may want here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages


class HomePages:
    """Shows where to go, in one language or, without one in the address, in all of them."""

    def __init__(self, site: SitePages, writer: PageWriter) -> None:
        self._site = site
        self._writer = writer

    def routes(self) -> list[Route]:
        """The addresses."""
        homes = [Route(path, self.home) for one in self._site.languages for path in _paths(one)]
        return [Route("/", self.door), *homes]

    def door(self, _request: Request) -> Response:
        """The house in all of its languages."""
        return self._writer.in_several("home.html.j2", self._site.languages, _home)

    def home(self, request: Request) -> Response:
        """The house in one language."""
        (language,) = self._site.languages_of(request.scope["path"])
        return self._writer.page("home.html.j2", language, _home)


def _home(language: str) -> str:
    return f"/{language}/"


def _paths(language: str) -> tuple[str, str]:
    # Who types an address leaves the slash out.
    return f"/{language}", _home(language)
