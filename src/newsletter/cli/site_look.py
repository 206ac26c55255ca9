"""The brand of a workspace as the public pages show it."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.composer.brands.shown_logo import shown_logo
from newsletter.composer.pictures.shelf import PictureShelf
from newsletter.domain.brand import Brand
from newsletter.domain.languages import in_language
from newsletter.web.site_look import SiteLogo, SiteLook


def site_look(brand: Brand, languages: Iterable[str]) -> SiteLook:
    """Its colours, its fonts and its logo in each language, as the mails have them.

    Raises BadInput when the logo is no image that can be shown.
    """
    logos = {one: _logo(brand, one) for one in languages}
    return SiteLook(
        colours=brand.colours,
        dark=brand.dark,
        fonts=brand.fonts,
        heading_fonts=brand.heading_fonts,
        button_radius=brand.shape["button_radius"],
        logos={language: logo for language, logo in logos.items() if logo is not None},
    )


def _logo(brand: Brand, language: str) -> SiteLogo | None:
    picture = shown_logo(brand, language, PictureShelf({}, ""))
    if picture is None or brand.logo is None:
        return None
    return SiteLogo(
        name=picture.media.name,
        content=picture.media.content,
        media_type=picture.media.media_type,
        width=picture.width,
        height=picture.height,
        alt=in_language(brand.logo.alt, language) or in_language(brand.name, language),
    )
