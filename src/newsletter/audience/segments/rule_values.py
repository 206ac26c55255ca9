"""Reading a value of a rule for the type that it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from newsletter.audience.segments.token_reader import TokenReader
from newsletter.audience.segments.tokens import Token, TokenKind
from newsletter.audience.segments.vocabulary import Subject
from newsletter.domain.attributes import AttributeType, read_value
from newsletter.domain.audience_rules import Day, DayUnit, FromToday, RuleValue
from newsletter.domain.errors import BadInput
from newsletter.domain.suggestions import nearest

KEYWORDS = frozenset({"and", "or", "not", "in", "is", "has"})
"""Words that are no texts unless they stand in quotation marks."""

_FARTHEST = 1_000
"""Days, weeks, months or years that a rule may count from today."""
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_UNITS = {word: unit for unit in DayUnit for word in (unit.value, f"{unit}s")}


def read_rule_value(reader: TokenReader, subject: Subject) -> RuleValue:
    """The value that comes next; raises RuleError when it is none that `subject` can have."""
    return _READERS[subject.type](reader, subject)


def read_day(reader: TokenReader) -> Day:
    """The date, or the day counted from today, that comes next; raises RuleError for another."""
    if reader.take_word("today"):
        return _from_today(reader)
    if reader.next.kind is not TokenKind.DATE:
        raise reader.expected("a date like 2026-10-31", "today")
    token = reader.take()
    try:
        return date.fromisoformat(token.text)
    except ValueError:
        raise reader.fault(token, f"there is no day {token.text}") from None


def read_entry(reader: TokenReader, subject: Subject) -> str:
    """The text that comes next; raises RuleError for what is none, or not one of its choices."""
    token = reader.next
    if token.is_word(*KEYWORDS) or token.kind not in (TokenKind.TEXT, TokenKind.WORD):
        raise reader.expected("a text in quotation marks")
    reader.take()
    if not token.text.strip():
        cure = f"Write {subject.name} is not set for those of whom nothing is known."
        raise reader.fault(token, "the text is empty", cure=cure)
    if subject.choices is not None and token.text not in subject.choices:
        raise _no_choice(reader, subject, token)
    return token.text


def _no_choice(reader: TokenReader, subject: Subject, token: Token) -> BadInput:
    choices = subject.choices or ()
    near = nearest(token.text.lower(), choices)
    known = f"It is one of: {', '.join(choices)}." if choices else "There is none yet."
    cure = f"Did you mean {near}? {known}" if near else known
    return reader.fault(token, f'no {subject.name} is called "{token.text}"', cure=cure)


def _number(reader: TokenReader, _subject: Subject) -> int | float:
    sign = reader.take_sign("+", "-") or ""
    token = reader.next
    if token.kind is not TokenKind.NUMBER:
        raise reader.expected("a number like 12 or 12.5")
    reader.take()
    try:
        number = read_value(AttributeType.NUMBER, sign + token.text)
    except BadInput as error:
        cure = "Write at most 15 digits, 9 after the point."
        raise reader.fault(token, error.what, cure=cure) from None
    assert isinstance(number, int | float)  # noqa: S101 - what is read as a number is one
    return number


def _boolean(reader: TokenReader, _subject: Subject) -> bool:
    if not reader.next.is_word(*_TRUTH):
        raise reader.expected("true", "false")
    return _TRUTH[reader.take().text.lower()]


def _date(reader: TokenReader, _subject: Subject) -> Day:
    return read_day(reader)


def _from_today(reader: TokenReader) -> FromToday:
    sign = reader.take_sign("+", "-")
    if sign is None:
        return FromToday(0)
    token = reader.next
    if token.kind is not TokenKind.NUMBER or not token.text.isdecimal():
        raise reader.expected("a whole number of days, weeks, months or years")
    reader.take()
    count = int(token.text[:10])
    if count > _FARTHEST:
        raise reader.fault(token, f"that is more than {_FARTHEST}", cure="Write a date.")
    if not reader.next.is_word(*_UNITS):
        raise reader.expected(*(f"{unit}s" for unit in DayUnit))
    unit = _UNITS[reader.take().text.lower()]
    return FromToday(-count if sign == "-" else count, unit) if count else FromToday(0)


_READERS: Mapping[AttributeType, Callable[[TokenReader, Subject], RuleValue]] = {
    AttributeType.TEXT: read_entry,
    AttributeType.NUMBER: _number,
    AttributeType.DATE: _date,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.LIST: read_entry,
}
