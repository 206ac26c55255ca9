"""Brands: the sender's look and fixed facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Logo:
    """The sender's mark: its shown width in CSS pixels, and per language its alt text and the bytes
    of an image; "" stands for a language that has no image of its own."""

    contents: Mapping[str, bytes]
    width: int
    alt: Mapping[str, str]

    def content(self, language: str) -> bytes:
        """The image for `language`, else the one for all, else the first."""
        return (
            self.contents.get(language)
            or self.contents.get("")
            or next(iter(self.contents.values()))
        )


@dataclass(frozen=True, slots=True)
class SocialAccount:
    """An account of the sender's elsewhere: what the place is called, and its address per language;
    "" stands for one that serves all."""

    name: str
    urls: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Brand:
    """A sender's name, look and postal address; every `Mapping` of words is language to words.

    `title` is the bulletin's own name, shown in the masthead; `from_name` stands in the From
    header. `design` names the finished look that the rest varies: `colours` and, for readers whose
    screen is dark, `dark` map the names of `brand_colours.ROLES` to `#rrggbb`; `fonts` and
    `heading_fonts` are CSS font stacks of fonts that readers have; `shape` holds the design's sizes
    by name. `legal` are the lines that the law asks of the sender, `welcome` is the line that says
    in which languages letters are welcome.
    """

    name: Mapping[str, str]
    title: Mapping[str, str]
    from_name: Mapping[str, str]
    postal_address: Mapping[str, str]
    design: str
    colours: Mapping[str, str]
    dark: Mapping[str, str]
    fonts: str
    heading_fonts: str
    shape: Mapping[str, str]
    logo: Logo | None
    legal: Mapping[str, str] = field(default_factory=dict)
    welcome: Mapping[str, str] = field(default_factory=dict)
    social: tuple[SocialAccount, ...] = ()
