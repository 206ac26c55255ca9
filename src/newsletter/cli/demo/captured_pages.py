"""The page of captured messages: HTML at two widths, text, headers, links that work, and what
became of the signature.

Messages are shown as strangers' mail: in sandboxed frames, under a policy that lets nothing run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from newsletter.cli.demo.capture import Captured
from newsletter.cli.demo.received import Received, take_apart
from newsletter.cli.demo.verifier import Verifier

_FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src http: https: data:; style-src 'unsafe-inline'"
)
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"


def captured_pages(
    messages: Sequence[Captured], verifier: Verifier, *, base_url: str, site_origin: str
) -> Starlette:
    """An application that shows `messages`, with `base_url`'s links led to `site_origin`."""
    pages = _CapturedPages([_shown(one, verifier) for one in messages], base_url, site_origin)
    return Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/message/{number:int}", pages.message),
            Route("/message/{number:int}/html", pages.html),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A captured message, and whose signature it has: a domain's, or nobody's."""

    message: Received
    signed_for: str | None


def _shown(captured: Captured, verifier: Verifier) -> _Shown:
    signed_for = verifier.domain if verifier.verifies(captured) else None
    return _Shown(take_apart(captured), signed_for)


class _CapturedPages:
    def __init__(self, received: Sequence[_Shown], base_url: str, site_origin: str) -> None:
        self._received = received
        self._base_url = base_url
        self._site_origin = site_origin
        self._templates = Environment(
            loader=PackageLoader("newsletter.cli.demo", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def overview(self, request: Request) -> Response:
        """All messages, one row each."""
        return self._page("overview.html.j2", received=self._received)

    def message(self, request: Request) -> Response:
        """One message: two widths, text, headers."""
        number, one = self._chosen(request)
        url = one.message.one_click_url
        links = {"The page behind its one-click header": self._reachable(url)} if url else {}
        return self._page(
            "message.html.j2",
            number=number,
            message=one.message,
            signed_for=one.signed_for,
            links=links,
            count=len(self._received),
        )

    def html(self, request: Request) -> Response:
        """The message's own HTML, for the frames."""
        _, one = self._chosen(request)
        # In a frame a link would open inside the frame; the mail itself is left as it is.
        shown = self._reachable(one.message.html).replace(
            "<head>", '<head><base target="_blank">', 1
        )
        return HTMLResponse(shown, headers={"Content-Security-Policy": _FRAME_POLICY})

    def _chosen(self, request: Request) -> tuple[int, _Shown]:
        number: int = request.path_params["number"]
        if not 1 <= number <= len(self._received):
            raise HTTPException(404, "There is no such message.")
        return number, self._received[number - 1]

    def _reachable(self, text: str) -> str:
        return text.replace(self._base_url, self._site_origin)

    def _page(self, template: str, **values: object) -> Response:
        html = self._templates.get_template(template).render(**values)
        return HTMLResponse(html, headers={"Content-Security-Policy": _PAGE_POLICY})
