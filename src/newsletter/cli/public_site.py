"""The public pages of a workspace, as an application to serve."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.applications import Starlette

from newsletter.app.readers.editions_online import EditionsOnline
from newsletter.app.readers.health import DatabaseHealth
from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.domain.hosts import is_loopback
from newsletter.web.site import Desks, create_site
from newsletter.web.site_pages import SitePages

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def public_site(workspace: Workspace, *, listening_on: str) -> Starlette:
    """The pages, answering to base_url's host, `web.allowed_hosts` and, when `listening_on` is a
    loopback address, to loopback names (X16)."""
    settings = workspace.settings
    hosts = {urlsplit(settings.site.base_url).hostname or "", *settings.web.allowed_hosts}
    if is_loopback(listening_on):
        hosts.update(_LOOPBACK_NAMES)
    brand = workshop_of(settings).brand
    pages = SitePages(
        name=settings.site.name,
        languages=tuple(settings.site.languages),
        base_url=settings.site.base_url,
        hosts=frozenset(hosts),
        colours=brand.colours,
        names=brand.name,
        media_url=settings.media_url,
        timezone=settings.site.timezone,
    )
    desks = Desks(
        leaving=Leaving(workspace),
        preferences=Preferring(workspace),
        editions=EditionsOnline(workspace),
        health=DatabaseHealth(workspace),
    )
    return create_site(desks, pages)
