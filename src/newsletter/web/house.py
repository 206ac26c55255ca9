"""What stands around every page: who speaks, and the ways to the house's other pages."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from newsletter.web.own_addresses import own_address
from newsletter.web.site_look import SiteLogo
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording

_PAGES = ("subscribe", "archive", "my-link", "privacy", "accessibility")


@dataclass(frozen=True, slots=True)
class HouseLink:
    """A way to the page that `word` names: its address, its words, and a sentence about it."""

    word: str
    address: str
    words: Markup
    about: Markup


@dataclass(frozen=True, slots=True)
class House:
    """The house as pages in one language show it; `tag` is the site's language, which that of the
    `wording` is not where we have no words in it."""

    tag: str
    wording: Wording
    name: str
    title: str
    postal_address: tuple[str, ...]
    welcome: str
    logo: SiteLogo | None
    home: str
    links: tuple[HouseLink, ...]

    @property
    def logo_address(self) -> str:
        """Where the logo is; "" when there is none."""
        return f"/static/{self.logo.name}" if self.logo else ""


def house_in(site: SitePages, language: str) -> House:
    """The house of `site` in `language`."""
    wording = Wording(language, site.timezone)
    return House(
        tag=language,
        wording=wording,
        name=site.name_in(language),
        title=site.titles.get(language) or site.name_in(language),
        postal_address=tuple(site.postal_addresses.get(language, "").strip().splitlines()),
        welcome=site.welcomes.get(language, ""),
        logo=site.look.logos.get(language),
        home=own_address(language, ""),
        links=tuple(_link(wording, word) for word in _PAGES),
    )


def _link(wording: Wording, word: str) -> HouseLink:
    key = word.replace("-", "_")
    return HouseLink(
        word,
        own_address(wording.wanted, word),
        wording.say(f"link_{key}"),
        wording.say(f"about_{key}"),
    )
