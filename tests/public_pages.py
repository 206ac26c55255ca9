"""The public pages of an invented house, and a browser without scripts to ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lxml import html
from starlette.testclient import TestClient

from newsletter.web.site import create_site
from newsletter.web.site_look import SiteLook
from newsletter.web.site_pages import SitePages
from tests.builders import a_brand
from tests.fake_confirming_desk import CONFIRM_TOKEN
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, VIEW_TOKEN, FakeDesk

ADDRESSES = (
    f"/u/{UNSUBSCRIBE_TOKEN}",
    f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}",
    f"/cy/unsubscribe/{UNSUBSCRIBE_TOKEN}",
    f"/en/preferences/{PREFERENCES_TOKEN}",
    f"/cy/preferences/{PREFERENCES_TOKEN}",
    f"/en/view/{VIEW_TOKEN}",
    f"/en/confirm/{CONFIRM_TOKEN}",
    f"/cy/confirm/{CONFIRM_TOKEN}/block",
    f"/u/{PREFERENCES_TOKEN}",
    "/en/unsubscribe/garbled",
    "/cy/preferences/garbled",
    "/pl/unsubscribe/garbled",
    "/media/none.png",
    "/static/site.css",
    "/healthz",
    "/",
    "/en/",
    "/cy/",
    "/en/privacy",
    "/cy/hygyrchedd",
    "/en/subscribe",
    "/cy/tanysgrifio/check-email",
    "/cy/fy-nolen",
)
"""Every kind of address, with what opens it and without."""


def a_house(**changes: object) -> SitePages:
    """A council that speaks English and Welsh."""
    facts: dict[str, object] = {
        "name": "Aber Valley Council",
        "languages": ("en", "cy"),
        "base_url": "https://news.example.org",
        "hosts": frozenset({"news.example.org"}),
        "look": a_look(),
        "names": {"en": "Aber Valley Council", "cy": "Cyngor Cwm Aber"},
        "titles": {"en": "Valley News", "cy": "Newyddion y Cwm"},
        "postal_addresses": {"en": "Mill Lane\nAber", "cy": "Lôn y Felin\nAber"},
        "timezone": "Europe/London",
    }
    return SitePages(**(facts | changes))  # type: ignore[arg-type]  # the facts are right by name


def a_look(**changes: object) -> SiteLook:
    """A brand's colours and fonts, without a logo."""
    brand = a_brand()
    facts: dict[str, object] = {
        "colours": brand.colours,
        "dark": brand.dark,
        "fonts": brand.fonts,
        "heading_fonts": brand.heading_fonts,
        "button_radius": brand.shape["button_radius"],
    }
    return SiteLook(**(facts | changes))  # type: ignore[arg-type]  # the facts are right by name


@contextmanager
def browsing(desk: FakeDesk, house: SitePages | None = None) -> Iterator[TestClient]:
    """A client that follows no redirect and, as a reader would, sees a 500 as a page."""
    app = create_site(desk.desks, house or a_house())
    with TestClient(
        app,
        base_url="https://news.example.org",
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as client:
        yield client


def page(text: str) -> html.HtmlElement:
    """A page's document."""
    return html.document_fromstring(text)


def heading(text: str) -> str:
    """The words of a page's only h1."""
    (found,) = page(text).xpath("//h1")
    return str(found.text_content())


def buttons(text: str) -> list[str]:
    """The words of every button, in order."""
    return [str(one.text_content()) for one in page(text).xpath("//button")]
