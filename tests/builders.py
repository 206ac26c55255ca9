"""Small values to build tests on, each complete in itself and changed by keyword."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from newsletter.composer.brands.brand_file import plain_brand
from newsletter.composer.compose import Terms, compose
from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.brand import Brand, Logo, SocialAccount
from newsletter.domain.compiled import CompiledEdition, Piece, Slot
from newsletter.domain.editions import EditionContent, Section, Value
from newsletter.resources import templates_folder
from newsletter.tokens.erasure_seals import ErasureSeals
from newsletter.tokens.key_ring import KeyRing


def some_seals() -> ErasureSeals:
    """Recognises erased addresses with a key that is nobody's secret."""
    return ErasureSeals(KeyRing(1, {1: bytes(32)}))


PREHEADER = {
    "en": "What we have been doing this month, and what is to come.",
    "cy": "Yr hyn y buom yn ei wneud y mis hwn, a'r hyn sydd i ddod.",
}
"""A line that no check has anything against."""


@cache
def a_catalogue(*folders: Path) -> Catalogue:
    """The kinds that the program ships; `folders` come before the shipped templates."""
    return load_catalogue([*folders, templates_folder()])


def a_letter(**fields: Value) -> Section:
    """A letter in English and Welsh."""
    letter: dict[str, Value] = {
        "heading": {"en": "Welcome", "cy": "Croeso"},
        "body": {"en": "Thank you for reading.", "cy": "Diolch am ddarllen."},
    }
    return Section("letter", letter | fields)


def an_article(**fields: Value) -> Section:
    """An article in English and Welsh, without image and link."""
    article: dict[str, Value] = {
        "heading": {"en": "Our annual report", "cy": "Ein hadroddiad blynyddol"},
        "body": {"en": "The report is out.", "cy": "Mae'r adroddiad wedi'i gyhoeddi."},
    }
    return Section("article", article | fields)


def an_edition(
    *sections: Section,
    languages: tuple[str, ...] = ("en", "cy"),
    subject: Mapping[str, str] | None = None,
    preheader: Mapping[str, str] | None = None,
    segment: str | None = None,
    file: str | None = None,
    lines: Mapping[str, int] | None = None,
) -> EditionContent:
    """An edition in English and Welsh; a letter when no sections are given."""
    return EditionContent(
        slug="2026-10",
        topic="monthly-bulletin",
        languages=languages,
        subject={"en": "October news", "cy": "Newyddion Hydref"} if subject is None else subject,
        preheader=PREHEADER if preheader is None else preheader,
        sections=sections or (a_letter(),),
        segment=segment,
        file=file,
        lines=lines or {},
    )


def a_brand(
    *, logo: Logo | None = None, fonts: str = "Arial, sans-serif", design: str = "civic"
) -> Brand:
    """A brand in English and Welsh, in the colours of its design."""
    plain = plain_brand([templates_folder()], design)
    return replace(
        plain,
        name={"en": "Aber Valley Council", "cy": "Cyngor Cwm Aber"},
        title={"en": "Monthly bulletin", "cy": "Bwletin misol"},
        from_name={"en": "Aber Valley Council", "cy": "Cyngor Cwm Aber"},
        postal_address={
            "en": "Town Hall\n1 Bridge Street\nAber",
            "cy": "Neuadd y Dref\n1 Stryd y Bont\nAber",
        },
        fonts=fonts,
        heading_fonts=fonts,
        logo=logo,
    )


def a_brand_with_everything(**changed: Any) -> Brand:
    """A brand in English and Welsh with legal lines, a welcome and accounts elsewhere."""
    return replace(
        a_brand(**changed),
        legal={"en": "Registered charity 1234567", "cy": "Elusen gofrestredig 1234567"},
        welcome={
            "en": "We welcome letters in Welsh.",
            "cy": "Rydym yn croesawu gohebiaeth yn Gymraeg.",
        },
        social=(SocialAccount("Mastodon", {"": "https://social.aber.example/@council"}),),
    )


def an_image(file_format: str = "PNG", *, size: tuple[int, int] = (800, 400)) -> bytes:
    """The bytes of a plain image."""
    out = BytesIO()
    Image.new("RGB", size, (29, 80, 131)).save(out, file_format)
    return out.getvalue()


def filled(pieces: tuple[Piece, ...], **values: str) -> str:
    """Compiled text with its slots filled: by `values`, else by fallbacks and inert addresses."""
    return "".join(
        piece
        if isinstance(piece, str)
        else values.get(_name(piece))
        or piece.fallback
        or f"https://news.example.org/{_name(piece)}"
        for piece in pieces
    )


def slot_names(pieces: tuple[Piece, ...]) -> list[str]:
    """The names of the slots, in order; of an address in another language, like `view_cy`."""
    return [_name(piece) for piece in pieces if isinstance(piece, Slot)]


def _name(slot: Slot) -> str:
    return f"{slot.name}_{slot.language}" if slot.language else slot.name


def some_terms(**changed: object) -> Terms:
    """The terms of the site at news.example.org, on a day before all dates of the examples."""
    terms = Terms(
        base_url="https://news.example.org",
        media_url="https://news.example.org/media",
        timezone="Europe/London",
        today=date(2026, 10, 1),
    )
    return replace(terms, **changed)  # type: ignore[arg-type]  # each test knows its own


def composed(
    content: EditionContent,
    images: Mapping[str, bytes] | None = None,
    *,
    brand: Brand | None = None,
    catalogue: Catalogue | None = None,
    terms: Terms | None = None,
    checks: bool = True,
) -> CompiledEdition:
    """The edition compiled with the shipped templates."""
    return compose(
        content,
        brand or a_brand(),
        images or {},
        catalogue=catalogue or a_catalogue(),
        terms=terms or some_terms(),
        checks=checks,
    )
