"""A rule as it is written: in one form, which reads as the same rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from newsletter.audience.segments.rule_values import KEYWORDS
from newsletter.domain.audience_rules import (
    AllOf,
    AnyOf,
    AudienceRule,
    Compared,
    Comparison,
    Day,
    FromToday,
    Has,
    IsSet,
    Not,
    OneOf,
    RuleValue,
    Subscribed,
    SubscribesTo,
)

_PLAIN_WORD = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
_CHOICES = ("language", "format")
"""Whose values are words of the program's own, written without quotation marks."""


def rule_text(rule: AudienceRule) -> str:
    """The text of `rule`; `parse_rule` makes an equal rule of it."""
    if isinstance(rule, AnyOf):
        return " or ".join(_inside(one, AnyOf) for one in rule.rules)
    if isinstance(rule, AllOf):
        return " and ".join(_inside(one, AnyOf, AllOf) for one in rule.rules)
    if isinstance(rule, Not):
        return _negated(rule.rule)
    return _question(rule, "")


def _inside(rule: AudienceRule, *parted: type[AudienceRule]) -> str:
    """The text of a part, in parentheses where it would be read as something else."""
    text = rule_text(rule)
    return f"({text})" if isinstance(rule, parted) else text


def _negated(rule: AudienceRule) -> str:
    if isinstance(rule, OneOf | IsSet | SubscribesTo) or (
        isinstance(rule, Compared) and rule.comparison is Comparison.EQUAL
    ):
        return _question(rule, "not ")
    return f"not {_inside(rule, AnyOf, AllOf)}"


def _question(rule: AudienceRule, negation: str) -> str:
    match rule:
        case Compared(name, comparison, value):
            sign = "!=" if negation else comparison.value
            return f"{name} {sign} {_value(value, bare=name in _CHOICES)}"
        case OneOf(name, values):
            return f"{name} {negation}in ({_values(values, bare=name in _CHOICES)})"
        case IsSet(name):
            return f"{name} is {negation}set"
        case SubscribesTo(topics):
            return _topics(topics, negation)
        case Has(name, entry):
            return f"{name} has {_quoted(entry)}"
        case Subscribed(side, day):
            return f"subscribed {side} {_day(day)}"
    raise AssertionError(rule)


def _topics(slugs: tuple[str, ...], negation: str) -> str:
    if len(slugs) > 1:
        return f"topic {negation}in ({_values(slugs, bare=True)})"
    return f"topic {'!=' if negation else '='} {_value(slugs[0], bare=True)}"


def _values(values: Iterable[RuleValue], *, bare: bool) -> str:
    return ", ".join(_value(value, bare=bare) for value in values)


def _value(value: RuleValue, *, bare: bool) -> str:
    if isinstance(value, str):
        return value if bare and _is_plain(value) else _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | FromToday):
        return _day(value)
    return f"{Decimal(repr(value)):f}"


def _is_plain(word: str) -> bool:
    return _PLAIN_WORD.fullmatch(word) is not None and word.lower() not in KEYWORDS


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _day(day: Day) -> str:
    if isinstance(day, date):
        return day.isoformat()
    if not day.count:
        return "today"
    many = "" if abs(day.count) == 1 else "s"
    return f"today {'-' if day.count < 0 else '+'} {abs(day.count)} {day.unit}{many}"
