"""Dates and times in lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.list_files.instants import DateOrder, read_instant
from newsletter.domain.errors import BadInput


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-01 09:05", datetime(2024, 3, 1, 9, 5, tzinfo=UTC)),
        ("2024-03-01 09:05:06", datetime(2024, 3, 1, 9, 5, 6, tzinfo=UTC)),
        ("2024-03-01T09:05:06Z", datetime(2024, 3, 1, 9, 5, 6, tzinfo=UTC)),
        ("2024-03-01T09:05:06+01:00", datetime(2024, 3, 1, 8, 5, 6, tzinfo=UTC)),
        ("2024-03-01 09:05+01", datetime(2024, 3, 1, 8, 5, tzinfo=UTC)),
        ("2023-05-01 10:11:12.123456+00", datetime(2023, 5, 1, 10, 11, 12, 123456, tzinfo=UTC)),
        ("25/04/2024", datetime(2024, 4, 25, tzinfo=UTC)),
        ("04/25/2024", datetime(2024, 4, 25, tzinfo=UTC)),
        ("4.4.2024", datetime(2024, 4, 4, tzinfo=UTC)),
        ("25-04-2024 9:30", datetime(2024, 4, 25, 9, 30, tzinfo=UTC)),
        ("25/04/2024, 09:30:15", datetime(2024, 4, 25, 9, 30, 15, tzinfo=UTC)),
    ],
)
def test_a_time_is_utc_unless_it_says_its_offset(text: str, instant: datetime) -> None:
    read = read_instant(text)

    assert (read, read.utcoffset()) == (instant, timedelta())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024",
        "20240301",
        "2024-W09-5",
        "2024-02-30",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00+14:00",
        "2024-03-01 25:00:00",
        "31/31/2024",
        "30/02/2024",
        "1/2/24",
        "01/13.2024",
        "٢٥/٠٤/٢٠٢٤",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is not a date or time"):
        read_instant(text)


def test_a_date_that_may_mean_two_days_needs_a_word_on_which() -> None:
    with pytest.raises(
        BadInput, match='may mean two days; a mapping file says dates = "day-first"'
    ):
        read_instant("03/04/2024")

    assert read_instant("03/04/2024", DateOrder.DAY_FIRST).month == 4
    assert read_instant("03/04/2024", DateOrder.MONTH_FIRST).month == 3


def test_a_date_that_does_not_fit_the_word_on_it_is_refused() -> None:
    with pytest.raises(BadInput):
        read_instant("04/25/2024", DateOrder.DAY_FIRST)
    with pytest.raises(BadInput):
        read_instant("25/04/2024", DateOrder.MONTH_FIRST)


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
LATER_THAN_YEAR_1 = datetime(2, 1, 1)  # noqa: DTZ001 - hypothesis wants naive bounds
SOONER_THAN_THE_END = datetime(9998, 1, 1)  # noqa: DTZ001


@given(st.datetimes(LATER_THAN_YEAR_1, SOONER_THAN_THE_END, timezones=OFFSETS))
def test_every_instant_written_by_python_is_read_as_it_was(instant: datetime) -> None:
    for written in (instant.isoformat(), instant.isoformat(sep=" ")):
        assert read_instant(written) == instant
