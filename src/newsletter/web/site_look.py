"""The brand in the public pages' eyes: colours, fonts, the logo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SiteLogo:
    """The sender's mark in one language: the file, its size in CSS pixels, and its alt text.

    `name` is `{digest}.{ext}`, which changes with the content.
    """

    name: str
    content: bytes
    media_type: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class SiteLook:
    """How the pages look: `colours` and, at night, `dark` are the brand's, name to `#rrggbb`.

    `fonts` and `heading_fonts` are CSS font stacks; `button_radius` is how round a button is, a
    length of CSS; `logos` are by language, none where the brand has none.
    """

    colours: Mapping[str, str]
    dark: Mapping[str, str]
    fonts: str
    heading_fonts: str
    button_radius: str
    logos: Mapping[str, SiteLogo] = field(default_factory=dict)
