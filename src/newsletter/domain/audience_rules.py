"""Audience rules: what a segment says of the people in it, as values.

How a rule is written and what it asks of the database is the audience's business. A rule is true or
false of everybody: what is not known of a person is equal to nothing, smaller and greater than
nothing, so that `Not` of a rule holds for exactly those for whom the rule does not.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from newsletter.domain.attributes import AttributeType


class DayUnit(StrEnum):
    """What days are counted in, from today."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FromToday:
    """The day that is so many units after today, before it when `count` is negative."""

    count: int
    unit: DayUnit = DayUnit.DAY


Day: TypeAlias = date | FromToday
RuleValue: TypeAlias = str | int | float | bool | Day


class Comparison(StrEnum):
    """How a value of a person is compared with the rule's."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


class Side(StrEnum):
    """Before a day begins, or after it has ended."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Compared:
    """The person's value called `name` compares so with `value`, of the same type."""

    name: str
    comparison: Comparison
    value: RuleValue


@dataclass(frozen=True, slots=True)
class OneOf:
    """The person's value called `name` is one of `values`."""

    name: str
    values: tuple[RuleValue, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """The person's list called `name` has the entry."""

    name: str
    entry: str


@dataclass(frozen=True, slots=True)
class IsSet:
    """Something is known under `name`: not nothing, an empty text or an empty list."""

    name: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The person has had the topic in question since before, or after, a day."""

    side: Side
    day: Day


@dataclass(frozen=True, slots=True)
class SubscribesTo:
    """The person has an active subscription to one of these topics; `topics` are slugs."""

    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The rule does not hold."""

    rule: AudienceRule


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of two or more rules holds."""

    rules: tuple[AudienceRule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more rules holds."""

    rules: tuple[AudienceRule, ...]


AudienceRule: TypeAlias = (
    Compared | OneOf | Has | IsSet | Subscribed | SubscribesTo | Not | AllOf | AnyOf
)


@dataclass(frozen=True, slots=True)
class FrozenRule:
    """A segment's rule as an edition was approved with it.

    `types` are those that the attributes in it had then: it reads the same for ever, whatever the
    settings come to say.
    """

    text: str
    types: Mapping[str, AttributeType]


@dataclass(frozen=True, slots=True)
class Today:
    """The day by which rules count, in the time zone in which its days begin and end."""

    day: date
    zone: ZoneInfo

    @classmethod
    def at(cls, now: datetime, zone: str) -> Today:
        """The day that it is `now` in `zone`, by its IANA name."""
        place = ZoneInfo(zone)
        return cls(now.astimezone(place).date(), place)

    def date_of(self, day: Day) -> date:
        """The date that a rule means; a month that is too short gives its last day."""
        if isinstance(day, date):
            return day
        if day.unit is DayUnit.DAY:
            return self.day + timedelta(days=day.count)
        if day.unit is DayUnit.WEEK:
            return self.day + timedelta(weeks=day.count)
        return self._months_on(day.count * (12 if day.unit is DayUnit.YEAR else 1))

    def start_of(self, day: date) -> datetime:
        """The instant at which a date begins here."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _months_on(self, count: int) -> date:
        year, month = divmod(self.day.year * 12 + self.day.month - 1 + count, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.day.day, last))


def names_in(rule: AudienceRule) -> frozenset[str]:
    """The names of what the rule asks of a person, topics aside."""
    match rule:
        case AllOf(rules) | AnyOf(rules):
            return frozenset[str]().union(*map(names_in, rules))
        case Not(inner):
            return names_in(inner)
        case Subscribed() | SubscribesTo():
            return frozenset()
    return frozenset({rule.name})
