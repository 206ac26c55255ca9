from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.checks.written_dates import dates_in
from newsletter.i18n.word_lists import word_lists

TODAY = date(2026, 10, 1)


def days(words: str, language: str) -> list[date | None]:
    return [found.nearest_to(TODAY) for found in dates_in(words, language)]


@pytest.mark.parametrize(
    ("language", "words", "day"),
    [
        ("en", "on 3 november 2026", date(2026, 11, 3)),
        ("en", "the 21st of july, 2022", date(2022, 7, 21)),
        ("en", "by 2nd sept", date(2026, 9, 2)),
        ("en", "on 03/11/2026", date(2026, 11, 3)),
        ("en", "on 2026-11-03", date(2026, 11, 3)),
        ("cy", "ar 3 tachwedd 2026", date(2026, 11, 3)),
        ("cy", "yr 21ain o orffennaf", date(2026, 7, 21)),
        ("cy", "y 1af o fai 2027", date(2027, 5, 1)),
    ],
)
def test_days_are_read_as_they_are_written(language: str, words: str, day: date) -> None:
    assert days(words, language) == [day]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("1 january", date(2027, 1, 1)),
        ("1 june", date(2026, 6, 1)),
        ("30 september", date(2026, 9, 30)),
    ],
)
def test_a_day_without_a_year_is_the_nearest(words: str, day: date) -> None:
    assert days(words, "en") == [day]


def test_the_last_of_february_is_that_of_a_leap_year() -> None:
    assert days("29 february", "en") == [None]
    assert days("29 february 2028", "en") == [date(2028, 2, 29)]


@pytest.mark.parametrize("words", ["31 february 2026", "99/99/2026"])
def test_a_day_that_does_not_exist_is_none(words: str) -> None:
    assert days(words, "en") == [None]


@pytest.mark.parametrize("words", ["we may go", "11 kilometres in march", "version 3.11", "1/2"])
def test_what_is_no_day_is_not_found(words: str) -> None:
    assert days(words, "en") == []


def test_months_of_a_language_that_nobody_described_are_not_looked_for() -> None:
    assert days("3 listopada 2026", "pl") == []
    assert days("03/11/2026", "pl") == [date(2026, 11, 3)]


@given(st.dates(), st.sampled_from(["en", "cy"]), st.data())
def test_every_day_comes_back(day: date, language: str, data: st.DataObject) -> None:
    names = word_lists(language)["months"][day.month - 1].split("|")
    month = data.draw(st.sampled_from(names))

    assert days(f"x {day.day} {month} {day.year:04} y", language) == [day]
