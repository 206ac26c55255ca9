"""The brand of a workspace as the public pages show it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from PIL import Image

from newsletter.cli.site_look import site_look
from newsletter.domain.brand import Logo
from tests.builders import a_brand


def _png(colour: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (400, 100), colour).save(content, "PNG")
    return content.getvalue()


def test_each_language_has_its_own_logo_with_its_own_words() -> None:
    logo = Logo({"en": _png("red"), "cy": _png("blue")}, 200, {"en": "Council", "cy": "Cyngor"})

    look = site_look(replace(a_brand(), logo=logo), ["en", "cy"])

    english, welsh = look.logos["en"], look.logos["cy"]
    assert (english.alt, welsh.alt) == ("Council", "Cyngor")
    assert (english.width, english.height) == (200, 50)
    assert english.name != welsh.name
    assert english.media_type == "image/png"


def test_a_logo_without_words_of_a_language_has_those_it_has() -> None:
    logo = Logo({"": _png("red")}, 200, {"en": "Council"})

    look = site_look(replace(a_brand(), logo=logo), ["cy"])

    assert look.logos["cy"].alt == "Council"


def test_a_brand_without_a_logo_has_its_colours_by_day_and_by_night() -> None:
    brand = replace(a_brand(), logo=None)

    look = site_look(brand, ["en"])

    assert look.logos == {}
    assert (look.colours, look.dark) == (brand.colours, brand.dark)
