"""What the public pages know of the house that they speak for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class SitePages:
    """The house in the public pages' eyes.

    `name` is the organisation's name, and `names` the same by language where it has several;
    `languages` are BCP 47 tags, the first being the one for readers of any other; `hosts` are the
    host names that are answered, without port; `colours` are the brand's, name to `#rrggbb`;
    `media_url` is where the pictures of an edition come from, None when it is under `base_url`;
    days are said in `timezone`.
    """

    name: str
    languages: tuple[str, ...]
    base_url: str
    hosts: frozenset[str]
    colours: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    media_url: str | None = None
    timezone: tzinfo = UTC

    def name_in(self, language: str) -> str:
        """The organisation's name as that language has it."""
        return self.names.get(language, self.name)

    @property
    def media_origin(self) -> str:
        """The scheme and host of the pictures, as a content security policy names them."""
        parts = urlsplit(self.media_url or self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def languages_of(self, path: str) -> tuple[str, ...]:
        """The language that a path begins with; all of the site's when it begins with none."""
        first = path.lstrip("/").split("/", maxsplit=1)[0]
        return (first,) if first in self.languages else self.languages
