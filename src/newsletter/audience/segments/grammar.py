"""The closed grammar of segments (X14): from the text of a rule to its meaning.

    rule      = all { "or" all }
    all       = one { "and" one }
    one       = "not" one | "(" rule ")" | NAME question
    question  = ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
              | [ "not" ] "in" "(" value { "," value } ")"
              | "has" text | "is" [ "not" ] "set"
              | ( "before" | "after" ) day
    value     = text | number | day | "true" | "false"
    day       = 2026-10-31 | "today" [ ( "+" | "-" ) number unit ]

Names are those of the vocabulary, which says the type of each and what may be asked of it. Whatever
is not so written is refused at its column; nothing of a rule's text ever becomes SQL.
"""

from __future__ import annotations

from collections.abc import Callable

from newsletter.audience.segments.rule_values import KEYWORDS, read_day, read_entry, read_rule_value
from newsletter.audience.segments.token_reader import TokenReader
from newsletter.audience.segments.tokens import Token, TokenKind
from newsletter.audience.segments.vocabulary import SUBSCRIBED, TOPIC, Subject, Vocabulary
from newsletter.domain.audience_rules import (
    AllOf,
    AnyOf,
    AudienceRule,
    Compared,
    Comparison,
    Has,
    IsSet,
    Not,
    OneOf,
    RuleValue,
    Side,
    Subscribed,
    SubscribesTo,
)
from newsletter.domain.errors import BadInput
from newsletter.domain.suggestions import nearest

MOST_QUESTIONS = 100
"""Questions that a rule may ask."""
MOST_VALUES = 500
"""Values that one list of a rule may have."""
DEEPEST = 20
"""How many parentheses and nots may lie in one another."""


def parse_rule(text: str, vocabulary: Vocabulary) -> AudienceRule:
    """What the rule `text` says in these words; raises RuleError at the first place where it says
    nothing."""
    return _Parser(text, vocabulary).parse()


class _Parser:
    """Reads one rule by recursive descent."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._reader = TokenReader(text)
        self._subjects = vocabulary.subjects
        self._depth = 0
        self._questions = 0

    def parse(self) -> AudienceRule:
        """The whole rule."""
        rule = self._any()
        if self._reader.next.kind is not TokenKind.END:
            raise self._reader.expected("and", "or", "the end")
        return rule

    def _any(self) -> AudienceRule:
        rules = self._joined(self._all, "or")
        return AnyOf(rules) if len(rules) > 1 else rules[0]

    def _all(self) -> AudienceRule:
        rules = self._joined(self._one, "and")
        return AllOf(rules) if len(rules) > 1 else rules[0]

    def _joined(self, part: Callable[[], AudienceRule], word: str) -> tuple[AudienceRule, ...]:
        rules = [part()]
        while self._reader.take_word(word):
            rules.append(part())
        return tuple(rules)

    def _one(self) -> AudienceRule:
        opening = self._reader.next
        if opening.is_word("not") or opening.is_sign("("):
            return self._deeper(opening)
        return self._question(self._subject())

    def _deeper(self, opening: Token) -> AudienceRule:
        self._reader.take()
        self._depth += 1
        if self._depth > DEEPEST:
            fault = f"more than {DEEPEST} parentheses and nots lie in one another here"
            raise self._reader.fault(opening, fault, cure="Make several segments of it.")
        rule = self._within_parentheses() if opening.is_sign("(") else Not(self._one())
        self._depth -= 1
        return rule

    def _within_parentheses(self) -> AudienceRule:
        rule = self._any()
        if not self._reader.next.is_sign(")"):
            raise self._reader.expected("and", "or", ")")
        self._reader.take()
        return rule

    def _subject(self) -> Subject:
        token = self._reader.next
        if token.kind is not TokenKind.WORD or token.is_word(*KEYWORDS):
            raise self._reader.expected("a name such as language", "not", "(")
        if token.text not in self._subjects:
            raise self._no_subject(token)
        self._questions += 1
        if self._questions > MOST_QUESTIONS:
            fault = f"the rule asks more than {MOST_QUESTIONS} questions"
            raise self._reader.fault(token, fault, cure="Ask for several values with in (…).")
        return self._subjects[self._reader.take().text]

    def _no_subject(self, token: Token) -> BadInput:
        near = nearest(token.text.lower(), self._subjects)
        known = f"Rules speak of {', '.join(self._subjects)}; add others to [attributes]."
        cure = f"Did you mean {near}? {known}" if near else known
        return self._reader.fault(token, f"nothing is known as {token}", cure=cure)

    def _question(self, subject: Subject) -> AudienceRule:
        question = self._question_words(subject)
        if question in ("in", "not in"):
            return _unless("not" in question, _one_of(subject, self._values(subject)))
        if question in ("is set", "is not set"):
            return _unless("not" in question, IsSet(subject.name))
        if question == "has":
            return Has(subject.name, read_entry(self._reader, subject))
        if subject.name == SUBSCRIBED:
            return Subscribed(Side(question), read_day(self._reader))
        return _compared(subject, question, read_rule_value(self._reader, subject))

    def _question_words(self, subject: Subject) -> str:
        """The words of a question that may be asked of `subject`, such as `not in`."""
        words, reader = "", self._reader
        while words not in subject.questions:
            longer = f"{words} {reader.next.text.lower()}".strip()
            if longer == words or not any(_begins(one, longer) for one in subject.questions):
                left = (one for one in subject.questions if _begins(one, words))
                raise reader.expected(*(one.removeprefix(words).strip() for one in left))
            words = longer
            reader.take()
        return words

    def _values(self, subject: Subject) -> tuple[RuleValue, ...]:
        self._reader.expect_sign("(")
        values = [read_rule_value(self._reader, subject)]
        while self._reader.take_sign(","):
            token = self._reader.next
            values.append(read_rule_value(self._reader, subject))
            if len(values) > MOST_VALUES:
                fault = f"the list has more than {MOST_VALUES} values"
                raise self._reader.fault(token, fault, cure="Put them into an attribute.")
        if not self._reader.next.is_sign(")"):
            raise self._reader.expected(",", ")")
        self._reader.take()
        return tuple(values)


def _begins(question: str, words: str) -> bool:
    return not words or f"{question} ".startswith(f"{words} ")


def _unless(negated: bool, rule: AudienceRule) -> AudienceRule:
    return Not(rule) if negated else rule


def _one_of(subject: Subject, values: tuple[RuleValue, ...]) -> AudienceRule:
    if subject.name == TOPIC:
        return SubscribesTo(tuple(map(str, values)))
    return OneOf(subject.name, values)


def _compared(subject: Subject, sign: str, value: RuleValue) -> AudienceRule:
    comparison = Comparison.EQUAL if sign == "!=" else Comparison(sign)
    compared = Compared(subject.name, comparison, value)
    rule = SubscribesTo((str(value),)) if subject.name == TOPIC else compared
    return _unless(sign == "!=", rule)
