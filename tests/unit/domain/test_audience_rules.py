"""Rules as values: the days that they mean, and what they ask of a person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from newsletter.domain.audience_rules import (
    AllOf,
    AnyOf,
    Day,
    DayUnit,
    FromToday,
    Has,
    IsSet,
    Not,
    Side,
    Subscribed,
    SubscribesTo,
    Today,
    names_in,
)

LATE_IN_MAY = Today.at(datetime(2026, 5, 30, 23, 30, tzinfo=UTC), "Europe/London")


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        (date(2025, 1, 1), date(2025, 1, 1)),
        (FromToday(0), date(2026, 5, 31)),
        (FromToday(-30), date(2026, 5, 1)),
        (FromToday(2, DayUnit.WEEK), date(2026, 6, 14)),
        (FromToday(-1, DayUnit.MONTH), date(2026, 4, 30)),
        (FromToday(-3, DayUnit.MONTH), date(2026, 2, 28)),
        (FromToday(8, DayUnit.MONTH), date(2027, 1, 31)),
        (FromToday(-1000, DayUnit.YEAR), date(1026, 5, 31)),
    ],
)
def test_a_day_is_counted_from_the_day_that_it_is_where_the_site_is(day: Day, meant: date) -> None:
    assert LATE_IN_MAY.date_of(day) == meant


def test_a_day_begins_at_midnight_where_the_site_is() -> None:
    assert LATE_IN_MAY.start_of(date(2026, 5, 31)) == datetime(2026, 5, 30, 23, tzinfo=UTC)
    assert LATE_IN_MAY.start_of(date(2026, 1, 31)) == datetime(2026, 1, 31, tzinfo=UTC)


def test_the_names_in_a_rule_are_those_of_what_is_known_of_a_person() -> None:
    asked = AnyOf((Not(IsSet("county")), Subscribed(Side.AFTER, FromToday(0))))
    rule = AllOf((asked, Has("tags", "Press"), SubscribesTo(("grants",))))

    assert names_in(rule) == {"county", "tags"}
