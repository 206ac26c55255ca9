"""The public pages of a workspace, as an application to serve."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.applications import Starlette

from newsletter.app.readers.account import Account
from newsletter.app.readers.archive_online import ArchiveOnline
from newsletter.app.readers.confirming import Confirming
from newsletter.app.readers.editions_online import EditionsOnline
from newsletter.app.readers.health import DatabaseHealth
from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.readers.signing_up import SigningUp
from newsletter.app.statements import Statements
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.cli.site_look import site_look
from newsletter.domain.hosts import is_loopback
from newsletter.settings.model import Settings
from newsletter.web.site import Desks, create_site
from newsletter.web.site_pages import SitePages

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def public_site(
    workspace: Workspace, *, listening_on: str, wake: Callable[[], None] = lambda: None
) -> Starlette:
    """The pages, answering to base_url's host, `web.allowed_hosts` and, when `listening_on` is a
    loopback address, to loopback names (X16); `wake` is called when somebody has asked for
    something that is to be looked at."""
    statements = Statements(workspace.settings)
    desks = Desks(
        leaving=Leaving(workspace),
        preferences=Preferring(workspace),
        account=Account(workspace, wake),
        signing_up=SigningUp(workspace, statements.privacy_digest, wake),
        confirming=Confirming(workspace),
        editions=EditionsOnline(workspace),
        archive=ArchiveOnline(workspace),
        statements=statements,
        health=DatabaseHealth(workspace),
    )
    return create_site(desks, house(workspace.settings, listening_on=listening_on))


def house(settings: Settings, *, listening_on: str) -> SitePages:
    """What the pages of these settings know of the house that they speak for."""
    hosts = {urlsplit(settings.site.base_url).hostname or "", *settings.web.allowed_hosts}
    if is_loopback(listening_on):
        hosts.update(_LOOPBACK_NAMES)
    brand = workshop_of(settings).brand
    return SitePages(
        name=settings.site.name,
        languages=tuple(settings.site.languages),
        base_url=settings.site.base_url,
        hosts=frozenset(hosts),
        look=site_look(brand, settings.site.languages),
        names=brand.name,
        titles=brand.title,
        postal_addresses=brand.postal_address,
        welcomes=brand.welcome,
        media_url=settings.media_url,
        timezone=settings.site.timezone,
        trusted_proxies=tuple(settings.web.trusted_proxies),
    )
