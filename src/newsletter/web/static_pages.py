"""What the pages are dressed with: the stylesheet and the logos, which a browser may keep."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.web.asked import found
from newsletter.web.headers import LASTING_HEADERS
from newsletter.web.site_look import SiteLook


class StaticPages:
    """Gives the few files out of memory."""

    def __init__(self, look: SiteLook, stylesheet: bytes) -> None:
        logos = {one.name: (one.content, one.media_type) for one in look.logos.values()}
        self._files = {"site.css": (stylesheet, "text/css"), **logos}

    def routes(self) -> list[Route]:
        """The addresses."""
        return [Route("/static/{name}", self.file)]

    def file(self, request: Request) -> Response:
        """The file of that name."""
        content, media_type = found(self._files.get(request.path_params["name"]))
        return Response(content, media_type=media_type, headers=dict(LASTING_HEADERS))
