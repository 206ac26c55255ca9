"""Brands: the sender's look and fixed facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Logo:
    """The sender's mark: the bytes of a PNG, JPEG or GIF, its shown width in CSS pixels, its alt
    text per language."""

    content: bytes
    width: int
    alt: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Brand:
    """A sender's name, look and postal address; every `Mapping` is language to words.

    `title` is the bulletin's own name, shown in the masthead; `from_name` stands in the From
    header; `colours` maps the names of `brand_file.COLOURS` to `#rrggbb`; `fonts` is a CSS font
    stack of fonts that readers have.
    """

    name: Mapping[str, str]
    title: Mapping[str, str]
    from_name: Mapping[str, str]
    postal_address: Mapping[str, str]
    colours: Mapping[str, str]
    fonts: str
    logo: Logo | None
