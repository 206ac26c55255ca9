"""What a language tag stands for: its names and its direction of writing."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def own_name(tag: str) -> str:
    """What speakers call their language, with a capital: `Cymraeg` for `cy`."""
    locale = locale_of(tag)
    name = locale.get_display_name() if locale else None
    return name[:1].upper() + name[1:] if name else tag


@cache
def english_name(tag: str) -> str:
    """The language's name in English: `Welsh` for `cy`; the tag itself when it has none."""
    locale = locale_of(tag)
    return (locale.get_display_name("en") if locale else None) or tag


@cache
def name_in(tag: str, language: str) -> str:
    """The language's name in another: `Saesneg` for `en` in `cy`; the tag when it has none."""
    locale, other = locale_of(tag), locale_of(language)
    return (locale.get_display_name(other) if locale and other else None) or tag


@cache
def direction(tag: str) -> str:
    """`ltr` or `rtl`, as HTML's `dir` says it."""
    locale = locale_of(tag)
    return "rtl" if locale and locale.character_order == "right-to-left" else "ltr"


def locale_of(tag: str) -> Locale | None:
    """What is known of the language, or None for one that nobody has described."""
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
