"""Days, times and numbers as the readers of a language write them (CLDR, by Babel)."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from newsletter.i18n.language_facts import locale_of

_BESIDE_NUMBERS = re.compile(r"(?<=\d) | (?=\d)")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_BRITISH = "en-GB"
"""What plain `en` means, and what stands in for a language that nobody has described."""


@lru_cache(maxsize=512)
def day(value: date, language: str) -> str:
    """The day with its weekday: `Tuesday, 3 November 2026`, `Dydd Mawrth, 3 Tachwedd 2026`.

    Spaces beside its numbers do not break.
    """
    written = format_date(value, "full", locale=_locale(language))
    return _BESIDE_NUMBERS.sub(_NO_BREAK_SPACE, written)


@lru_cache(maxsize=512)
def plain_day(value: date, language: str) -> str:
    """The day without its weekday: `3 November 2026`, `3 Tachwedd 2026`."""
    return format_date(value, "long", locale=_locale(language))


@lru_cache(maxsize=512)
def clock(value: time, language: str) -> str:
    """The time of day: `19:00`."""
    return format_time(value, "short", locale=_locale(language))


@lru_cache(maxsize=512)
def size(number: Decimal, unit: str, language: str) -> str:
    """How large a file is, with a space that does not break: `1.4 MB`, in French `1,4 MB`."""
    return f"{format_decimal(number, locale=_locale(language))}{_NO_BREAK_SPACE}{unit}"


@lru_cache(maxsize=512)
def count(number: int, language: str) -> str:
    """A whole number, its thousands parted: `1,234`, in French `1 234`."""
    return format_decimal(number, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    # CLDR's plain "en" is American, whose dates our readers would misread.
    found = locale_of(_BRITISH if language == "en" else language) or locale_of(_BRITISH)
    assert found is not None  # noqa: S101 - Babel ships it
    return found
