"""What the pages are dressed with: stylesheet, logos and icon, which a browser may keep."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.web.asked import found
from newsletter.web.headers import LASTING_HEADERS
from newsletter.web.icon import ICON_TYPE, icon
from newsletter.web.site_look import SiteLook

_ICON = "icon.svg"


class StaticPages:
    """Gives the few files out of memory."""

    def __init__(self, look: SiteLook, stylesheet: bytes) -> None:
        logos = {one.name: (one.content, one.media_type) for one in look.logos.values()}
        own = {"site.css": (stylesheet, "text/css"), _ICON: (icon(look), ICON_TYPE)}
        self._files = {**own, **logos}

    def routes(self) -> list[Route]:
        """The addresses; browsers ask for /favicon.ico where a page names no icon, as a mail's own
        HTML does not."""
        return [Route("/static/{name}", self.file), Route("/favicon.ico", self.favicon)]

    def favicon(self, _request: Request) -> Response:
        """The icon, at an address that stays when the brand changes."""
        content, media_type = self._files[_ICON]
        headers = LASTING_HEADERS | {"Cache-Control": "public, max-age=86400"}
        return Response(content, media_type=media_type, headers=headers)

    def file(self, request: Request) -> Response:
        """The file of that name."""
        content, media_type = found(self._files.get(request.path_params["name"]))
        return Response(content, media_type=media_type, headers=dict(LASTING_HEADERS))
