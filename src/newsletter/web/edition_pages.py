"""Editions in the browser, and the pictures in them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.web.addressing import known_language, token_in
from newsletter.web.desk import ReaderDesk
from newsletter.web.headers import LASTING_HEADERS, edition_headers
from newsletter.web.site_pages import SitePages


class EditionPages:
    """Shows what was sent, the same to everybody."""

    def __init__(self, desk: ReaderDesk, site: SitePages) -> None:
        self._desk = desk
        self._site = site
        self._headers = edition_headers(site.media_origin)

    def view(self, request: Request) -> Response:
        """An edition's own HTML, in a sandbox (X4)."""
        html = self._desk.page(token_in(request), known_language(request, self._site))
        if html is None:
            raise HTTPException(404)
        return HTMLResponse(html, headers=self._headers)

    def media(self, request: Request) -> Response:
        """A picture, under a name that changes with its content."""
        media = self._desk.media(request.path_params["name"])
        if media is None:
            raise HTTPException(404)
        return Response(media.content, media_type=media.media_type, headers=dict(LASTING_HEADERS))
