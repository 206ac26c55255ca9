"""The grammar of segments: what is read, how it is written, what is refused and where."""

from __future__ import annotations

from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.segments.grammar import (
    DEEPEST,
    MOST_QUESTIONS,
    MOST_VALUES,
    parse_rule,
)
from newsletter.audience.segments.rule_errors import RuleError
from newsletter.audience.segments.rule_text import rule_text
from newsletter.audience.segments.tokens import LONGEST_RULE
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
    Side,
    Subscribed,
    SubscribesTo,
)
from tests.rules_and_people import VOCABULARY, rules

WELSH = Compared("language", Comparison.EQUAL, "cy")
POWYS = Compared("county", Comparison.EQUAL, "Powys")
MEMBER = Compared("member", Comparison.EQUAL, True)


def read(text: str) -> AudienceRule:
    return parse_rule(text, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("language = cy", WELSH),
        ('county = "Powys"', POWYS),
        ("county = 'Powys'", POWYS),
        ("county = Powys", POWYS),
        ('county = "the \\"old\\" town"', Compared("county", Comparison.EQUAL, 'the "old" town')),
        ('county != "Powys"', Not(POWYS)),
        ('county in ("Powys", Gwynedd)', OneOf("county", ("Powys", "Gwynedd"))),
        ('county not in ("Powys")', Not(OneOf("county", ("Powys",)))),
        ("county is set", IsSet("county")),
        ("name is not set", Not(IsSet("name"))),
        ("age >= 18", Compared("age", Comparison.AT_LEAST, 18)),
        ("age < -0.5", Compared("age", Comparison.LESS, -0.5)),
        ("joined <= 2026-10-31", Compared("joined", Comparison.AT_MOST, date(2026, 10, 31))),
        ("joined > today", Compared("joined", Comparison.GREATER, FromToday(0))),
        ("joined = today - 30 days", Compared("joined", Comparison.EQUAL, FromToday(-30))),
        ("joined = today -0 years", Compared("joined", Comparison.EQUAL, FromToday(0))),
        ("member = yes", MEMBER),
        ("member != true", Not(MEMBER)),
        ('tags has "Press"', Has("tags", "Press")),
        ("subscribed before 2025-01-01", Subscribed(Side.BEFORE, date(2025, 1, 1))),
        (
            "subscribed after today - 1 month",
            Subscribed(Side.AFTER, FromToday(-1, DayUnit.MONTH)),
        ),
        ("topic = grants", SubscribesTo(("grants",))),
        ("topic not in (grants, bulletin)", Not(SubscribesTo(("grants", "bulletin")))),
        ("format = text", Compared("format", Comparison.EQUAL, "text")),
    ],
)
def test_a_question_is_read(text: str, rule: AudienceRule) -> None:
    assert read(text) == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("language = cy and county = Powys", AllOf((WELSH, POWYS))),
        ("language = cy AND county = Powys", AllOf((WELSH, POWYS))),
        ("language = cy or county = Powys", AnyOf((WELSH, POWYS))),
        (
            "member = true or language = cy and county = Powys",
            AnyOf((MEMBER, AllOf((WELSH, POWYS)))),
        ),
        (
            "(member = true or language = cy) and county = Powys",
            AllOf((AnyOf((MEMBER, WELSH)), POWYS)),
        ),
        ("not language = cy and county = Powys", AllOf((Not(WELSH), POWYS))),
        ("not (language = cy and county = Powys)", Not(AllOf((WELSH, POWYS)))),
        ("not not language = cy", Not(Not(WELSH))),
        ("  (language=cy)\n", WELSH),
    ],
)
def test_and_binds_more_closely_than_or_and_not_most_of_all(text: str, rule: AudienceRule) -> None:
    assert read(text) == rule


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "expected a name"),
        ("conty = Powys", 1, "Did you mean county?"),
        ("County = Powys", 1, "Did you mean county?"),
        ("language = cy ad county = Powys", 15, "Did you mean and?"),
        ("language = cy and", 18, "not the end"),
        ("county = Sir Gâr", 14, 'in quotation marks: "Sir Gâr"'),
        ('county = "Powys', 10, "never closed"),
        ("county = “Powys”", 10, "plain quotation marks"),
        ('county = ""', 10, "county is not set"),
        ("county = and", 10, "expected a text"),
        ("county == Powys", 8, "Write =."),
        ("county < Powys", 8, 'not "<"'),
        ("county = 5", 10, "expected a text"),
        ("county has Powys", 8, "expected =, !="),
        ("tags = Press", 6, "expected has, is set or is not set"),
        ("county not Powys", 12, "expected in"),
        ("county is nt set", 11, "expected set or not set"),
        ("county in Powys", 11, "expected ("),
        ("county in ()", 12, "expected a text"),
        ("county in (Powys Gwynedd)", 18, "expected , or )"),
        ("(county is set", 15, "expected and, or or )"),
        ("county is set)", 14, "expected and, or or the end"),
        ("age = old", 7, "expected a number"),
        ("age = 5x", 7, "cannot be read"),
        ("age = 1234567890123456", 7, "15 digits"),
        ("joined > 31/10/2026", 12, "2026-10-31"),
        ("joined > 2026-02-30", 10, "there is no day 2026-02-30"),
        ("joined > today - 2 fortnights", 20, "expected days, weeks, months or years"),
        ("joined > today - 1.5 days", 18, "a whole number"),
        ("joined > today - 1001 days", 18, "Write a date"),
        ("member = perhaps", 10, "expected true or false"),
        ("language = fr", 12, "It is one of: en, cy"),
        ("topic = grant", 9, "Did you mean grants?"),
        ("subscribed in (grants)", 12, "expected before or after"),
        ("language = cy; DROP TABLE subscribers", 14, "cannot be read"),
        ("county = \x1b[2J", 10, "U+001B"),
        ("county = '\udcff'", 11, "U+DCFF"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        read(text)

    assert caught.value.column == column
    assert words in str(caught.value)


def test_the_place_of_a_fault_is_shown_by_a_caret_also_in_a_long_rule() -> None:
    start = "county is set and " * 20
    text = f"{start}conty is set and county is set"

    with pytest.raises(RuleError) as caught:
        read(text)

    _, shown, pointer, _ = str(caught.value).splitlines()
    assert len(shown) < 80
    assert shown[pointer.index("^") :].startswith("conty is set")


def test_a_topic_that_does_not_exist_yet_is_said_so() -> None:
    empty = Vocabulary({}, ("en",), ())

    with pytest.raises(RuleError, match="There is none yet"):
        parse_rule("topic = grants", empty)


def test_the_vocabulary_of_a_frozen_rule_takes_any_language_and_topic() -> None:
    frozen = Vocabulary({"county": AttributeType.TEXT})

    rule = parse_rule("language = fr and topic = closed", frozen)

    assert rule == AllOf((Compared("language", Comparison.EQUAL, "fr"), SubscribesTo(("closed",))))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(" * (DEEPEST + 1), f"more than {DEEPEST} parentheses"),
        ("not " * 400 + "county is set", f"more than {DEEPEST} parentheses"),
        (" or ".join(["age = 1"] * (MOST_QUESTIONS + 1)), f"more than {MOST_QUESTIONS} questions"),
        (f"age in ({','.join('1' * (MOST_VALUES + 1))})", f"more than {MOST_VALUES} values"),
        ("a" * (LONGEST_RULE + 1), f"longer than {LONGEST_RULE} characters"),
    ],
)
def test_a_rule_has_its_limits(text: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        read(text)


def test_as_much_as_the_limits_allow_is_read() -> None:
    read("(" * DEEPEST + "age = 1" + ")" * DEEPEST)
    read(" or ".join(["age = 1"] * MOST_QUESTIONS))
    read(f"age in ({','.join('1' * MOST_VALUES)})")


def test_letters_of_two_characters_are_the_letters_that_lists_have() -> None:
    assert read("county = 'Sir Ga\N{COMBINING CIRCUMFLEX ACCENT}r'") == Compared(
        "county", Comparison.EQUAL, "Sir Gâr"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("language='cy'  and county=Powys", 'language = cy and county = "Powys"'),
        ("not county = Powys", 'county != "Powys"'),
        ("not (topic in (grants,bulletin))", "topic not in (grants, bulletin)"),
        ("not county is not set", "not county is not set"),
        ("joined < today+1 weeks", "joined < today + 1 week"),
        ("age > 12.50", "age > 12.5"),
    ],
)
def test_a_rule_is_written_in_one_form(text: str, written: str) -> None:
    assert rule_text(read(text)) == written


@given(rules)
def test_what_is_written_reads_as_the_same_rule(rule: AudienceRule) -> None:
    assert read(rule_text(rule)) == rule


_WORDS = """
    language county age joined member tags topic subscribed = != < in not is set has and or ( ) ,
    cy Powys 5 -1.5 2026-10-31 today - + days true "x" ' \\ ; grants before after
"""


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=12).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_rule_or_is_refused_at_a_column_of_it(text: str) -> None:
    rule, error = _read_or_refused(text)

    if error is not None:
        assert 1 <= error.column <= len(normalize("NFC", text)) + 1
        assert error.lines()[0].startswith(f"column {error.column}: ")
    if rule is not None:
        assert read(rule_text(rule)) == rule


def _read_or_refused(text: str) -> tuple[AudienceRule | None, RuleError | None]:
    try:
        return read(text), None
    except RuleError as error:
        return None, error
