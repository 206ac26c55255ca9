"""The public pages as one application: their addresses, what stands before them, their errors."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from newsletter.domain.errors import SurroundingsFailed
from newsletter.web.account_pages import AccountPages
from newsletter.web.archive_pages import ArchivePages
from newsletter.web.confirm_pages import ConfirmPages
from newsletter.web.crowd import Crowd
from newsletter.web.desks.account import AccountDesk
from newsletter.web.desks.archive import ArchiveDesk
from newsletter.web.desks.confirming import ConfirmingDesk
from newsletter.web.desks.editions import EditionDesk
from newsletter.web.desks.health import Health
from newsletter.web.desks.leaving import LeavingDesk
from newsletter.web.desks.preferences import PreferencesDesk
from newsletter.web.desks.signing_up import SigningUpDesk
from newsletter.web.desks.statements import StatementsDesk
from newsletter.web.edition_pages import EditionPages
from newsletter.web.error_pages import ErrorPages
from newsletter.web.health_pages import HealthPages
from newsletter.web.home_pages import HomePages
from newsletter.web.hosts import AllowedHosts
from newsletter.web.own_addresses import OwnAddresses
from newsletter.web.page_writer import PageWriter
from newsletter.web.preferences_pages import PreferencesPages
from newsletter.web.sign_up_pages import SignUpPages
from newsletter.web.site_pages import SitePages
from newsletter.web.statement_pages import StatementPages
from newsletter.web.static_pages import StaticPages
from newsletter.web.unsubscribe_pages import UnsubscribePages


@dataclass(frozen=True, slots=True)
class Desks:
    """Whom the pages ask, each for its own."""

    leaving: LeavingDesk
    preferences: PreferencesDesk
    account: AccountDesk
    signing_up: SigningUpDesk
    confirming: ConfirmingDesk
    editions: EditionDesk
    archive: ArchiveDesk
    statements: StatementsDesk
    health: Health


def create_site(desks: Desks, site: SitePages) -> Starlette:
    """The application that serves `site`, with `desks` behind it."""
    writer = PageWriter(site)
    errors = ErrorPages(site, writer)
    application = Starlette(
        routes=_routes(desks, site, writer),
        middleware=[
            Middleware(Crowd, refusal=errors.crowded()),
            Middleware(AllowedHosts, hosts=site.hosts, refusal=errors.wrong_host()),
            Middleware(OwnAddresses, spoken=site.languages),
        ],
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
    return [
        *UnsubscribePages(desks.leaving, site, writer).routes(),
        *PreferencesPages(desks.preferences, site, writer).routes(),
        *AccountPages(desks.account, site, writer).routes(),
        *SignUpPages(desks.signing_up, site, writer).routes(),
        *ConfirmPages(desks.confirming, site, writer).routes(),
        *EditionPages(desks.editions, site).routes(),
        *ArchivePages(desks.archive, site, writer).routes(),
        *StatementPages(desks.statements, site, writer).routes(),
        *HomePages(site, writer).routes(),
        *StaticPages(site.look, writer.stylesheet).routes(),
        *HealthPages(desks.health).routes(),
    ]
