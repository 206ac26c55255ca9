"""Segments on a real database: what a rule asks, and whom it finds, on every database alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, select

from newsletter.audience.audience import audience_select, count_by_language
from newsletter.audience.segments.conditions import condition_of
from newsletter.audience.segments.grammar import (
    DEEPEST,
    MOST_QUESTIONS,
    MOST_VALUES,
    parse_rule,
)
from newsletter.audience.segments.store import (
    Segment,
    all_segments,
    find_segment,
    remove_segment,
    save_segment,
    segment_called,
)
from newsletter.domain.audience_rules import AudienceRule
from newsletter.domain.errors import BadInput, Refused
from newsletter.storage.engine import writing
from newsletter.storage.schema import audit, subscribers, subscriptions, suppressions, topics
from newsletter.storage.suppressed import is_suppressed, is_suppressed_among_many
from tests.rules_and_people import TODAY, VOCABULARY, Listed, holds, people, rules

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
TOPICS = {"bulletin": 1, "grants": 2, "farming": 3}
IN_QUESTION = 4
"""The id of the topic whose audience is asked for; no rule names it."""
NORTH = Segment("north", 'county in ("Gwynedd", "Conwy")')


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        for slug, number in (TOPICS | {"news": IN_QUESTION}).items():
            connection.execute(
                insert(topics).values(
                    id=number, public_id=number, slug=slug, names={}, private=False, created_at=NOW
                )
            )
        yield connection


def _add(connection: Connection, *listed: Listed) -> None:
    """Adds people whose ids are 1, 2, …; person 2 is `person2@example.org`."""
    for number, person in enumerate(listed, start=1):
        connection.execute(
            insert(subscribers).values(
                id=number,
                handle=number,
                address=f"person{number}@example.org",
                canonical=f"person{number}@example.org",
                name=person.name,
                language=person.language,
                format=person.format,
                attributes=dict(person.attributes),
                created_at=NOW,
            )
        )
        _subscribe(connection, number, IN_QUESTION, "active", person.since)
        for slug in TOPICS:
            status = "active" if slug in person.topics else "unsubscribed"
            _subscribe(connection, number, TOPICS[slug], status, NOW)


def _subscribe(
    connection: Connection, number: int, topic_id: int, status: str, since: datetime
) -> None:
    connection.execute(
        insert(subscriptions).values(
            subscriber_id=number, topic_id=topic_id, status=status, basis="consent", since=since
        )
    )


def _suppress(connection: Connection, target: str) -> None:
    connection.execute(
        insert(suppressions).values(target=target, reason="manual", evidence="", at=NOW)
    )


def _found(connection: Connection, rule: AudienceRule | str) -> list[int]:
    parsed = parse_rule(rule, VOCABULARY) if isinstance(rule, str) else rule
    statement = audience_select(IN_QUESTION, condition_of(parsed, TODAY))
    return sorted(connection.execute(statement).scalars())


# Rules


def test_a_rule_finds_whom_it_means_whoever_they_are(connection: Connection) -> None:
    @given(st.lists(people, min_size=1, max_size=6), st.lists(rules, min_size=1, max_size=4))
    def agrees(listed: Sequence[Listed], asked: Sequence[AudienceRule]) -> None:
        tried = connection.begin_nested()
        _add(connection, *listed)
        for rule in asked:
            meant = [number for number, one in enumerate(listed, start=1) if holds(rule, one)]
            assert _found(connection, rule) == meant
        tried.rollback()

    agrees()


def test_not_holds_for_those_of_whom_nothing_is_known(connection: Connection) -> None:
    _add(connection, Listed(attributes={"county": "Powys"}), Listed(), Listed(name="Carys"))

    assert _found(connection, 'not county = "Powys"') == [2, 3]
    assert _found(connection, 'county != "Powys"') == [2, 3]
    assert _found(connection, 'county not in ("Powys")') == [2, 3]
    assert _found(connection, "age < 5 or not age < 5") == [1, 2, 3]


def test_texts_are_compared_letter_by_letter(connection: Connection) -> None:
    _add(
        connection,
        Listed(attributes={"county": "Sir Gâr"}),
        Listed(attributes={"county": "sir gâr"}),
        Listed(attributes={"county": "Sir Gar"}),
    )

    assert _found(connection, 'county = "Sir Gâr"') == [1]
    assert _found(connection, 'county in ("Sir Gâr", "Sir Gar")') == [1, 3]


def test_a_value_of_another_type_than_the_settings_say_is_equal_to_nothing(
    connection: Connection,
) -> None:
    _add(
        connection,
        Listed(attributes={"age": "old", "county": 5, "member": "yes", "tags": "Press"}),
        Listed(attributes={"age": None, "county": ["Powys"], "member": 1, "tags": {"Press": 1}}),
    )

    for question in ("age > 0", "age <= 0", 'county = "5"', "member = true", 'tags has "Press"'):
        assert _found(connection, question) == []
    assert _found(connection, "age is set") == [1]


def test_a_day_begins_and_ends_where_the_site_is(connection: Connection) -> None:
    """On 29 March 2026 the clocks go forward."""
    _add(
        connection,
        Listed(since=datetime(2026, 3, 28, 23, 59, tzinfo=UTC)),
        Listed(since=datetime(2026, 3, 29, 0, 0, tzinfo=UTC)),
        Listed(since=datetime(2026, 3, 29, 22, 59, tzinfo=UTC)),
        Listed(since=datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),
    )

    assert _found(connection, "subscribed before 2026-03-29") == [1]
    assert _found(connection, "subscribed after 2026-03-29") == [4]
    assert _found(connection, "subscribed after today - 2 days") == [4]


@pytest.mark.parametrize(
    "rule",
    [
        " or ".join(["not (age = 1)"] * MOST_QUESTIONS),
        "not " * DEEPEST + "age = 1",
        "(" * DEEPEST + " or ".join(['tags has "x"'] * MOST_QUESTIONS) + ")" * DEEPEST,
        f"age in ({','.join('1' * MOST_VALUES)})",
    ],
    ids=["wide", "deep", "both", "long"],
)
def test_a_rule_as_large_as_may_be_is_asked(connection: Connection, rule: str) -> None:
    _add(connection, Listed(attributes={"age": 1}))

    asked = parse_rule(rule, VOCABULARY)

    assert _found(connection, asked) == ([1] if holds(asked, Listed(attributes={"age": 1})) else [])


def test_hostile_words_are_only_words(connection: Connection) -> None:
    """X14"""
    words = """x' OR 1=1; DROP TABLE subscribers; -- \\" % _ :name ? %(name)s"""
    _add(connection, Listed(attributes={"county": words}), Listed(attributes={"county": "x"}))

    rule = "county = '" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"

    assert _found(connection, rule) == [1]


# The audience


def test_the_audience_is_counted_by_the_language_of_its_mail(connection: Connection) -> None:
    _add(
        connection,
        Listed(language="en"),
        Listed(language="cy", attributes={"county": "Powys"}),
        Listed(language="fr", attributes={"county": "Powys"}),
        Listed(language="cy"),
    )
    powys = condition_of(parse_rule('county = "Powys"', VOCABULARY), TODAY)

    assert count_by_language(connection, IN_QUESTION, ["en", "cy"]) == {"en": 2, "cy": 2}
    assert count_by_language(connection, IN_QUESTION, ["cy", "en"], powys) == {"cy": 2, "en": 0}
    assert count_by_language(connection, IN_QUESTION, ["mul"]) == {"mul": 4}


@pytest.mark.parametrize(
    ("targets", "left"),
    [
        ([], [1, 2]),
        (["person1@example.org", "gone@example.org"], [2]),
        (["@example.org"], []),
        (["@example.com", "@xample.org", "erased:1:person1@example.org"], [1, 2]),
        (["@example.com", "person2@example.org"], [1]),
    ],
)
def test_both_shapes_of_the_rule_of_suppression_say_the_same(
    connection: Connection, targets: list[str], left: list[int]
) -> None:
    """L4"""
    _add(connection, Listed(), Listed())
    for target in targets:
        _suppress(connection, target)

    for suppressed in (is_suppressed(), is_suppressed_among_many()):
        statement = select(subscribers.c.id).where(~suppressed).order_by(subscribers.c.id)
        assert list(connection.execute(statement).scalars()) == left
    assert _found(connection, "name is not set") == left


# The store


def _save(connection: Connection, segment: Segment, *, replace: bool = False) -> None:
    save_segment(connection, segment, replace=replace, actor="mair", now=NOW)


def test_a_segment_is_saved_listed_and_removed_on_the_record(connection: Connection) -> None:
    """X15"""
    west = Segment("west", "county is set")
    _save(connection, west)
    _save(connection, NORTH)

    listed = list(all_segments(connection))
    remove_segment(connection, "north", actor="dai", now=NOW)

    assert listed == [NORTH, west]
    assert find_segment(connection, "north") is None
    assert segment_called(connection, "west") == west
    lines = connection.execute(select(audit).order_by(audit.c.id)).all()
    assert [(line.actor, line.action, line.subject, line.detail) for line in lines] == [
        ("mair", "segments add", "west", west.rule),
        ("mair", "segments add", "north", NORTH.rule),
        ("dai", "segments remove", "north", NORTH.rule),
    ]


def test_another_rule_takes_a_segments_place_only_when_told_to(connection: Connection) -> None:
    other = Segment("north", "county is not set")
    _save(connection, NORTH)

    with pytest.raises(Refused, match="there is a segment north already") as caught:
        _save(connection, other)
    refused = find_segment(connection, "north")
    _save(connection, other, replace=True)

    assert "--replace" in str(caught.value)
    assert refused == NORTH
    assert find_segment(connection, "north") == other


@pytest.mark.parametrize("name", ["North", "north,west", "", "n" * 65, "-north"])
def test_a_name_that_no_edition_could_write_is_bad_input(connection: Connection, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name of a segment"):
        _save(connection, Segment(name, NORTH.rule))


def test_an_unknown_segment_is_bad_input_that_says_what_there_is(connection: Connection) -> None:
    with pytest.raises(BadInput, match="no segment nroth") as without:
        segment_called(connection, "nroth")
    _save(connection, NORTH)
    with pytest.raises(BadInput) as caught:
        remove_segment(connection, "nroth", actor="mair", now=NOW)

    assert "newsletter segments add" in str(without.value)
    assert "Did you mean north? The segments are: north." in str(caught.value)
