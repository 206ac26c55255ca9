"""What a rule asks of the database: expressions with bound values, never text (X14)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    false,
    not_,
    or_,
    select,
    true,
)

from newsletter.audience.segments.vocabulary import EVERYBODYS
from newsletter.domain.audience_rules import (
    AllOf,
    AnyOf,
    AudienceRule,
    Compared,
    Comparison,
    FromToday,
    Has,
    IsSet,
    Not,
    OneOf,
    RuleValue,
    Side,
    Subscribed,
    SubscribesTo,
    Today,
)
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.json_functions import (
    BOOLEAN_KINDS,
    LIST_KINDS,
    NUMBER_KINDS,
    TEXT_KINDS,
    json_kind,
    json_list_has,
)
from newsletter.storage.schema import subscribers, subscriptions, topics

Condition = ColumnElement[bool]

_COMPARED: Mapping[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def condition_of(rule: AudienceRule, today: Today) -> Condition:
    """Whether `rule` holds for the subscriber of a row, who has the topic in question.

    For a statement that has `subscribers` in it, joined with their row of `subscriptions` to the
    topic that `subscribed` asks about. It is true or false of every row, never unknown.
    """
    match rule:
        case AllOf(rules):
            return and_(*(condition_of(one, today) for one in rules))
        case AnyOf(rules):
            return or_(*(condition_of(one, today) for one in rules))
        case Not(inner):
            return not_(condition_of(inner, today))
    return _question(rule, today)


def _question(rule: AudienceRule, today: Today) -> Condition:
    match rule:
        case Subscribed(side, day):
            return _subscribed(side, today.date_of(day), today)
        case SubscribesTo(slugs):
            return _subscribes_to(slugs)
        case IsSet(name):
            return _is_set(name)
        case Has(name, entry):
            has = json_list_has(subscribers.c.attributes, name, entry)
            return _where_it_is(name, LIST_KINDS, has)
        case OneOf(name, values):
            bound = [_bound(value, today) for value in values]
            return _of_type(name, bound[0], lambda column: column.in_(bound))
        case Compared(name, comparison, value):
            compared, single = _COMPARED[comparison], _bound(value, today)
            return _of_type(name, single, lambda column: compared(column, single))
    raise AssertionError(rule)


def _bound(value: RuleValue, today: Today) -> str | int | float | bool:
    """The value as attributes keep it: a date is its ISO form."""
    if isinstance(value, date | FromToday):
        return today.date_of(value).isoformat()
    return value


def _of_type(
    name: str,
    value: str | int | float | bool,
    asked: Callable[[ColumnElement[Any]], Condition],
) -> Condition:
    """What is asked of the value called `name`, for those whose value is of the type of `value`.

    Attributes may have changed their type since they were stored.
    """
    if name in EVERYBODYS:
        return asked(subscribers.c[name])
    kept = subscribers.c.attributes[name]
    if isinstance(value, bool):
        return _where_it_is(name, BOOLEAN_KINDS, asked(kept.as_boolean()))
    if isinstance(value, str):
        return _where_it_is(name, TEXT_KINDS, asked(kept.as_string()))
    return _where_it_is(name, NUMBER_KINDS, asked(kept.as_float()))


def _where_it_is(name: str, kinds: tuple[str, ...], condition: Condition) -> Condition:
    """The condition for those whose attribute is of one of `kinds`; for all others it is false."""
    # CASE, for it alone keeps a database from converting first what is of no such kind.
    kind = json_kind(subscribers.c.attributes, name)
    return case((kind.in_(kinds), condition), else_=false())


def _is_set(name: str) -> Condition:
    if name in EVERYBODYS:
        return subscribers.c[name] != ""
    kind = json_kind(subscribers.c.attributes, name)
    text = subscribers.c.attributes[name].as_string()
    return case(
        (kind.in_(TEXT_KINDS), text != ""),
        (kind.in_(LIST_KINDS), text != "[]"),
        (kind.in_((*NUMBER_KINDS, *BOOLEAN_KINDS)), true()),
        else_=false(),
    )


def _subscribed(side: Side, day: date, today: Today) -> Condition:
    if side is Side.BEFORE:
        return subscriptions.c.since < today.start_of(day)
    return subscriptions.c.since >= today.start_of(day + timedelta(days=1))


def _subscribes_to(slugs: tuple[str, ...]) -> Condition:
    other = subscriptions.alias()
    return exists().where(
        other.c.subscriber_id == subscribers.c.id,
        other.c.topic_id.in_(select(topics.c.id).where(topics.c.slug.in_(slugs))),
        other.c.status == SubscriptionStatus.ACTIVE,
    )
