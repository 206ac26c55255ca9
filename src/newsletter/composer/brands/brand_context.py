"""What templates see of a brand: its facts in one language."""

from __future__ import annotations

from newsletter.composer.pictures.images import Picture
from newsletter.domain.brand import Brand, SocialAccount
from newsletter.domain.languages import in_language


def brand_context(brand: Brand, language: str, logo: Picture | None) -> dict[str, object]:
    """The brand in `language`: `name`, `title`, `postal_address` and `legal` (lines), `welcome`,
    `social` (each `name`, `url`), `colours`, `dark`, `fonts`, `heading_fonts`, `shape`, `logo`
    (None, or `url`, `width`, `alt`)."""
    name = in_language(brand.name, language)
    return {
        "name": name,
        "title": brand_title(brand, language),
        "postal_address": in_language(brand.postal_address, language).strip().splitlines(),
        "legal": in_language(brand.legal, language).strip().splitlines(),
        "welcome": in_language(brand.welcome, language),
        "social": [_account(account, language) for account in brand.social],
        "colours": dict(brand.colours),
        "dark": dict(brand.dark),
        "fonts": brand.fonts,
        "heading_fonts": brand.heading_fonts,
        "shape": dict(brand.shape),
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


def _account(account: SocialAccount, language: str) -> dict[str, str]:
    return {"name": account.name, "url": in_language(account.urls, language)}
