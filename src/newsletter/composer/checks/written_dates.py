"""Days as texts write them: `3 November`, `3ydd o Dachwedd 2026`, `03/11/2026`, `2026-11-03`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from newsletter.composer.checks.phrases import one_of
from newsletter.i18n.word_lists import word_lists

# Each expression begins with a digit, not with an assertion: so the engine skips to digits.
_NUMERIC = re.compile(r"[0-9][0-9]?/[0-9][0-9]?/[0-9]{4}\b|[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day in a text: where it begins, and what it says; no year when it leaves that open."""

    start: int
    day: int
    month: int
    year: int | None

    def nearest_to(self, today: date) -> date | None:
        """The day that is meant: of the year nearest to `today` when it names none.

        None when there is no such day.
        """
        years = (self.year,) if self.year else (today.year - 1, today.year, today.year + 1)
        days = [day for year in years if (day := _day(year, self.month, self.day))]
        return min(days, key=lambda day: abs(day - today), default=None)


def dates_in(words: str, language: str) -> Iterator[WrittenDate]:
    """The days in `words`, which are in small letters; the months are those of `language`.

    Days in figures put the day before the month, as all of Britain does.
    """
    pattern, months = _named(language)
    for found in pattern.finditer(words):
        year = int(found["year"]) if found["year"] else None
        yield WrittenDate(found.start(), int(found["day"]), months[found["month"]], year)
    for found in _NUMERIC.finditer(words):
        year, month, day = _in_figures(found[0])
        yield WrittenDate(found.start(), day, month, year)


def _in_figures(written: str) -> tuple[int, int, int]:
    if "/" in written:
        day, month, year = written.split("/")
    else:
        year, month, day = written.split("-")
    return int(year), int(month), int(day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _named(language: str) -> tuple[re.Pattern[str], Mapping[str, int]]:
    """What finds a day with the name of its month, and the months by each of their names."""
    lists = word_lists(language)
    months = {
        name: number
        for number, names in enumerate(lists["months"], start=1)
        for name in names.split("|")
    }
    if not months:
        return re.compile(r"(?!)"), months
    ordinals, of = one_of(lists["ordinals"]), one_of(lists["of"])
    return (
        re.compile(
            rf"(?P<day>[0-9][0-9]?){ordinals}?(?: {of})? (?P<month>{one_of(tuple(months))})\b"
            r"(?:,? (?P<year>[0-9]{4})\b)?"
        ),
        months,
    )
