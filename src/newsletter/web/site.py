"""The public pages as one application: their addresses, what stands before them, their errors."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.domain.errors import SurroundingsFailed
from newsletter.web.desk import ReaderDesk
from newsletter.web.edition_page import EditionPage
from newsletter.web.error_pages import ErrorPages
from newsletter.web.forms import with_form
from newsletter.web.headers import LASTING_HEADERS, PAGE_HEADERS
from newsletter.web.hosts import AllowedHosts
from newsletter.web.page_writer import PageWriter
from newsletter.web.reader_pages import ReaderPages
from newsletter.web.site_pages import SitePages

_READ_AND_ACT = ["GET", "POST"]


def create_site(desk: ReaderDesk, site: SitePages) -> Starlette:
    """The application that serves `site`, with `desk` behind it."""
    writer = PageWriter(site)
    errors = ErrorPages(site, writer)
    application = Starlette(
        routes=_routes(desk, site, writer),
        middleware=[Middleware(AllowedHosts, hosts=site.hosts, refusal=errors.wrong_host())],
        exception_handlers={
            HTTPException: errors.http,
            SurroundingsFailed: errors.surroundings,
            Exception: errors.unexpected,
        },
    )
    # A mail program that follows no redirect would think that it has unsubscribed somebody (T6).
    application.router.redirect_slashes = False
    return application


def _routes(desk: ReaderDesk, site: SitePages, writer: PageWriter) -> list[Route]:
    readers = ReaderPages(desk, site, writer)
    editions = EditionPage(desk, site)
    unsubscribe, one_click = with_form(readers.unsubscribe), with_form(readers.one_click)
    preferences = with_form(readers.preferences)

    def stylesheet(_request: Request) -> Response:
        return Response(writer.stylesheet, media_type="text/css", headers=dict(LASTING_HEADERS))

    def health(_request: Request) -> Response:
        is_ready = desk.is_ready()
        return PlainTextResponse(
            "ready\n" if is_ready else "not ready\n",
            status_code=200 if is_ready else 503,
            headers=dict(PAGE_HEADERS),
        )

    return [
        Route("/u/{token}", one_click, methods=_READ_AND_ACT),
        Route("/{language}/unsubscribe/{token}", unsubscribe, methods=_READ_AND_ACT),
        Route("/{language}/preferences/{token}", preferences, methods=_READ_AND_ACT),
        Route("/{language}/view/{token}", editions.view),
        Route("/media/{name}", editions.media),
        Route("/static/site.css", stylesheet),
        Route("/healthz", health),
    ]
