"""An edition in the browser, by the link in its mail, and the pictures in it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from newsletter.web.asked import found, language_asked, token_asked, twin_paths
from newsletter.web.desks.editions import EditionDesk
from newsletter.web.edition_frame import EditionFrame
from newsletter.web.headers import LASTING_HEADERS, edition_headers
from newsletter.web.site_pages import SitePages


class EditionPages:
    """Shows what was mailed, without anything personal in it."""

    def __init__(self, desk: EditionDesk, site: SitePages) -> None:
        self._desk = desk
        self._site = site
        self._frame = EditionFrame(site)
        self._headers = edition_headers(site.media_origin)

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/{language}/view/{token}", self.view),
            Route("/media/{name}", self.media),
        ]

    def view(self, request: Request) -> Response:
        """The edition's own HTML, in a sandbox (X4)."""
        language = language_asked(request, self._site)
        page = found(self._desk.page(token_asked(request), language))
        html = self._frame.viewed(page, language, twin_paths(request))
        return HTMLResponse(html, headers=self._headers | {"Content-Language": language})

    def media(self, request: Request) -> Response:
        """A picture or a calendar entry, which never changes under its name."""
        media = found(self._desk.media(request.path_params["name"]))
        headers = dict(LASTING_HEADERS)
        if not media.media_type.startswith("image/"):
            # For another program than the browser (X9).
            headers["Content-Disposition"] = "attachment"
        return Response(media.content, media_type=media.media_type, headers=headers)
