"""The public site: its addresses, and what stands before and behind them."""

from __future__ import annotations

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.desk import ReaderDesk
from newsletter.web.edition_page import EditionPage
from newsletter.web.error_pages import ErrorPages
from newsletter.web.forms import with_form
from newsletter.web.headers import LASTING_HEADERS, PAGE_HEADERS
from newsletter.web.hosts import AllowedHosts
from newsletter.web.page_writer import PageWriter
from newsletter.web.reader_pages import ReaderPages
from newsletter.web.site_pages import SitePages

_FORM = ["GET", "POST"]


def create_site(desk: ReaderDesk, site: SitePages) -> Starlette:
    """The public pages as an ASGI application, with `desk` doing what they ask for."""
    writer = PageWriter(site)
    errors = ErrorPages(site, writer)
    app = Starlette(
        routes=_routes(desk, site, writer),
        middleware=[Middleware(AllowedHosts, hosts=site.hosts, refusal=errors.wrong_host())],
        exception_handlers=dict(errors.handlers()),
    )
    # One-click unsubscribing must be answered where it was asked (T6); Starlette would redirect an
    # address with a slash too many.
    app.router.redirect_slashes = False
    return app


def _routes(desk: ReaderDesk, site: SitePages, writer: PageWriter) -> list[Route]:
    readers = ReaderPages(desk, site, writer)
    editions = EditionPage(desk, site)

    def stylesheet(_request: Request) -> Response:
        return Response(writer.stylesheet, media_type="text/css", headers=LASTING_HEADERS)

    def health(_request: Request) -> Response:
        is_ready = desk.is_ready()
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return PlainTextResponse("ok" if is_ready else "not ready", status, headers=PAGE_HEADERS)

    return [
        Route("/u/{token}", with_form(readers.one_click), methods=_FORM),
        Route("/{language}/unsubscribe/{token}", with_form(readers.unsubscribe), methods=_FORM),
        Route("/{language}/preferences/{token}", with_form(readers.preferences), methods=_FORM),
        Route("/{language}/view/{token}", editions.view),
        Route("/media/{name}", editions.media),
        Route("/static/site.css", stylesheet),
        Route("/healthz", health),
    ]
