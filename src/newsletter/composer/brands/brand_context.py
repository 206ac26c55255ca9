"""What templates see of a brand: its facts in one language."""

from __future__ import annotations

from newsletter.composer.pictures.images import Picture
from newsletter.domain.brand import Brand
from newsletter.domain.languages import in_language


def brand_context(brand: Brand, language: str, logo: Picture | None) -> dict[str, object]:
    """The brand in `language`: `name`, `title`, `postal_address` (lines), `colours`, `fonts`,
    `logo` (None, or `url`, `width`, `alt`)."""
    name = in_language(brand.name, language)
    return {
        "name": name,
        "title": brand_title(brand, language),
        "postal_address": in_language(brand.postal_address, language).strip().splitlines(),
        "colours": dict(brand.colours),
        "fonts": brand.fonts,
        "logo": logo
        and {
            "url": logo.url,
            "width": logo.width,
            "alt": in_language(brand.logo.alt, language) if brand.logo else name,
        },
    }


def brand_title(brand: Brand, language: str) -> str:
    """The bulletin's name in `language`, or the sender's when it has none of its own."""
    return in_language(brand.title, language) or in_language(brand.name, language)
