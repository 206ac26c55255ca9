"""What the public pages know of the house that they speak for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from newsletter.web.site_look import SiteLook


@dataclass(frozen=True, slots=True)
class SitePages:
    """The house in the public pages' eyes.

    `languages` are BCP 47 tags, the first being the one for readers of any other; `base_url` is
    where the pages are published; `hosts` are all host names that may be asked for, IPv6 addresses
    without brackets. `names` is the organisation's name per language, `name` standing in where it
    has none; `titles` are the bulletin's own, `postal_addresses` (a line each) and `welcomes` what
    the brand says in each language. `media_url` is where the pictures of an edition come from, if
    not from `base_url`; days are said in the IANA zone `timezone`. Whom
    `trusted_proxies` name, addresses and networks, is believed where a request came from (X16).
    """

    name: str
    languages: tuple[str, ...]
    base_url: str
    hosts: frozenset[str]
    look: SiteLook
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    postal_addresses: Mapping[str, str] = field(default_factory=dict)
    welcomes: Mapping[str, str] = field(default_factory=dict)
    media_url: str | None = None
    timezone: str = "UTC"
    trusted_proxies: tuple[str, ...] = ()

    def name_in(self, language: str) -> str:
        """The organisation's name as that language has it."""
        return self.names.get(language, self.name)

    @property
    def media_origin(self) -> str:
        """Scheme and host of the pictures, as a content security policy takes it."""
        address = urlsplit(self.media_url or self.base_url)
        return f"{address.scheme}://{address.netloc}"

    def languages_of(self, path: str) -> tuple[str, ...]:
        """The language that a path begins with; all of the site's when it begins with none."""
        first = path.lstrip("/").split("/", maxsplit=1)[0]
        return (first,) if first in self.languages else self.languages
