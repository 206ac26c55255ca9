"""Days, times and sizes, as readers of each language write them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from newsletter.i18n import formats


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Tuesday, 3 November 2026"),
        ("cy", "Dydd Mawrth, 3 Tachwedd 2026"),
        ("fr", "mardi 3 novembre 2026"),
        ("en-US", "Tuesday, November 3, 2026"),
        ("qaa", "Tuesday, 3 November 2026"),
    ],
)
def test_a_day_is_written_as_its_readers_do(language: str, written: str) -> None:
    assert formats.day(date(2026, 11, 3), language).replace("\xa0", " ") == written


def test_a_day_does_not_break_beside_its_numbers() -> None:
    assert formats.day(date(2026, 11, 3), "cy") == "Dydd Mawrth,\xa03\xa0Tachwedd\xa02026"


@pytest.mark.parametrize(("language", "written"), [("en", "19:05"), ("cy", "19:05")])
def test_a_time_of_day_has_no_seconds(language: str, written: str) -> None:
    assert formats.clock(time(19, 5), language) == written


@pytest.mark.parametrize(("language", "written"), [("cy", "1.4\xa0MB"), ("fr", "1,4\xa0MB")])
def test_a_size_does_not_break_from_its_unit(language: str, written: str) -> None:
    assert formats.size(Decimal("1.4"), "MB", language) == written


@pytest.mark.parametrize(("language", "written"), [("en", "12,345"), ("cy", "12,345")])
def test_thousands_are_parted(language: str, written: str) -> None:
    assert formats.count(12_345, language) == written
