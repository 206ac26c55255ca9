"""Rules and people made up at random, and what a rule says of somebody, in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unicodedata import normalize

from hypothesis import strategies as st

from newsletter.audience.segments.vocabulary import Vocabulary
from newsletter.domain.attributes import AttributeType
from newsletter.domain.audience_rules import (
    AllOf,
    AnyOf,
    AudienceRule,
    Compared,
    Comparison,
    DayUnit,
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

VOCABULARY = Vocabulary(
    {
        "county": AttributeType.TEXT,
        "age": AttributeType.NUMBER,
        "joined": AttributeType.DATE,
        "member": AttributeType.BOOLEAN,
        "tags": AttributeType.LIST,
    },
    languages=("en", "cy"),
    topics=("bulletin", "grants", "farming"),
)
FIRST = datetime(2025, 11, 1, tzinfo=UTC)
TODAY = Today.at(datetime(2026, 3, 31, 12, tzinfo=UTC), "Europe/London")


@dataclass(frozen=True)
class Listed:
    """Somebody on the list, as far as rules can ask; `since` is of the topic in question."""

    language: str = "en"
    format: str = "html"
    name: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    topics: tuple[str, ...] = ()


def holds(rule: AudienceRule, person: Listed, today: Today = TODAY) -> bool:
    """Whether the rule says yes of the person."""
    match rule:
        case AllOf(rules):
            return all(holds(one, person, today) for one in rules)
        case AnyOf(rules):
            return any(holds(one, person, today) for one in rules)
        case Not(inner):
            return not holds(inner, person, today)
        case Subscribed() | SubscribesTo():
            return _subscription_holds(rule, person, today)
    return _value_holds(rule, person, today)


def _subscription_holds(rule: Subscribed | SubscribesTo, person: Listed, today: Today) -> bool:
    if isinstance(rule, SubscribesTo):
        return bool(set(rule.topics) & set(person.topics))
    since, day = person.since.astimezone(today.zone).date(), today.date_of(rule.day)
    return since < day if rule.side is Side.BEFORE else since > day


def _value_holds(rule: Compared | OneOf | Has | IsSet, person: Listed, today: Today) -> bool:
    known = _value(person, rule.name)
    match rule:
        case IsSet():
            return known not in (None, "", [])
        case Has(_, entry):
            return isinstance(known, list) and entry in known
        case OneOf(_, values):
            return any(_compare(known, "=", value, today) for value in values)
        case Compared(_, comparison, value):
            return _compare(known, comparison, value, today)


def _value(person: Listed, name: str) -> Any:
    if name in ("language", "format", "name"):
        return getattr(person, name)
    return person.attributes.get(name)


def _compare(known: Any, sign: str, value: RuleValue, today: Today) -> bool:
    asked = today.date_of(value).isoformat() if isinstance(value, date | FromToday) else value
    if _kind(known) != _kind(asked):
        return False
    says: Mapping[str, Callable[[], bool]] = {
        "=": lambda: known == asked,
        "<": lambda: known < asked,
        "<=": lambda: known <= asked,
        ">": lambda: known > asked,
        ">=": lambda: known >= asked,
    }
    return says[sign]()


def _kind(value: Any) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


# Made up at random. Few different values, so that rules and people meet.

_letters = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
texts = st.sampled_from(
    ["Powys", "powys", "Sir Gâr", "Ynys Môn", "and", 'the "old" \\ town', "5", "true", "[]", "%"]
) | st.text(_letters, min_size=1, max_size=8).map(lambda text: normalize("NFC", text)).filter(
    lambda text: bool(text.strip())
)
numbers = st.integers(-3, 70) | st.sampled_from([5.5, -0.25, 12.125, 0.1, 1e-09, 999999999999999])
dates = st.dates(date(2025, 12, 1), date(2026, 4, 30))
days = dates | st.builds(FromToday, st.integers(-40, 40), st.sampled_from(DayUnit)).map(
    lambda day: day if day.count else FromToday(0)
)
_values: Mapping[str, st.SearchStrategy[Any]] = {
    "language": st.sampled_from(["en", "cy"]),
    "format": st.sampled_from(["html", "text"]),
    "name": texts,
    "county": texts,
    "age": numbers,
    "joined": days,
    "member": st.booleans(),
}
_slugs = st.sampled_from(["bulletin", "grants", "farming"])


def _compared(name: str) -> st.SearchStrategy[AudienceRule]:
    signs = list(Comparison) if name in ("age", "joined") else [Comparison.EQUAL]
    return st.builds(Compared, st.just(name), st.sampled_from(signs), _values[name])


def _one_of(name: str) -> st.SearchStrategy[AudienceRule]:
    values = st.lists(_values[name], min_size=1, max_size=4).map(tuple)
    return st.builds(OneOf, st.just(name), values)


_questions = st.one_of(
    *(_compared(name) for name in _values),
    *(_one_of(name) for name in _values if name != "member"),
    st.builds(IsSet, st.sampled_from(["name", "county", "age", "joined", "member", "tags"])),
    st.builds(Has, st.just("tags"), texts),
    st.builds(SubscribesTo, st.lists(_slugs, min_size=1, max_size=3).map(tuple)),
    st.builds(Subscribed, st.sampled_from(Side), days),
)
rules: st.SearchStrategy[AudienceRule] = st.recursive(
    _questions,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
_kept = {
    "county": texts | st.just("") | numbers | st.booleans(),
    "age": numbers | st.just("5") | st.booleans(),
    # A text that is no date could be there only after its type was changed.
    "joined": dates.map(date.isoformat) | numbers,
    "member": st.booleans() | st.just(1) | st.just("true"),
    "tags": st.lists(texts, max_size=3, unique=True) | st.just("Powys"),
}
people = st.builds(
    Listed,
    language=_values["language"],
    format=_values["format"],
    name=texts | st.just(""),
    attributes=st.fixed_dictionaries({}, optional=_kept),
    since=st.integers(0, 200 * 24 * 60).map(lambda some: FIRST + timedelta(minutes=some))
    | dates.map(lambda day: TODAY.start_of(day) - timedelta(microseconds=1))
    | dates.map(TODAY.start_of),
    topics=st.lists(_slugs, max_size=3, unique=True).map(tuple),
)
