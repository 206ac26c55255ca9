"""The public pages as one application: their addresses, what stands before them, their errors."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.domain.errors import SurroundingsFailed
from newsletter.web.desks.editions import EditionDesk
from newsletter.web.desks.health import Health
from newsletter.web.desks.leaving import LeavingDesk
from newsletter.web.desks.preferences import PreferencesDesk
from newsletter.web.edition_pages import EditionPages
from newsletter.web.error_pages import ErrorPages
from newsletter.web.headers import LASTING_HEADERS, PAGE_HEADERS
from newsletter.web.hosts import AllowedHosts
from newsletter.web.page_writer import PageWriter
from newsletter.web.preferences_pages import PreferencesPages
from newsletter.web.site_pages import SitePages
from newsletter.web.unsubscribe_pages import UnsubscribePages


@dataclass(frozen=True, slots=True)
class Desks:
    """Whom the pages ask, each for its own."""

    leaving: LeavingDesk
    preferences: PreferencesDesk
    editions: EditionDesk
    health: Health


def create_site(desks: Desks, site: SitePages) -> Starlette:
    """The application that serves `site`, with `desks` behind it."""
    writer = PageWriter(site)
    errors = ErrorPages(site, writer)
    application = Starlette(
        routes=_routes(desks, site, writer),
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


def _routes(desks: Desks, site: SitePages, writer: PageWriter) -> list[Route]:
    def stylesheet(_request: Request) -> Response:
        return Response(writer.stylesheet, media_type="text/css", headers=dict(LASTING_HEADERS))

    def health(_request: Request) -> Response:
        is_ready = desks.health.is_ready()
        return PlainTextResponse(
            "ready\n" if is_ready else "not ready\n",
            status_code=200 if is_ready else 503,
            headers=dict(PAGE_HEADERS),
        )

    return [
        *UnsubscribePages(desks.leaving, site, writer).routes(),
        *PreferencesPages(desks.preferences, site, writer).routes(),
        *EditionPages(desks.editions, site).routes(),
        Route("/static/site.css", stylesheet),
        Route("/healthz", health),
    ]
