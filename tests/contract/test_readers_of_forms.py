"""Who gets which form of an edition, and who gets none, counted on every database alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, insert

from newsletter.app.edition_audience import EditionAudience, SegmentOfVariants
from newsletter.app.edition_sheet.readers import forms_today
from newsletter.audience.left_out import count_suppressed
from newsletter.storage.engine import writing
from newsletter.storage.schema import subscribers, subscriptions, suppressions, topics

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
TOPIC, OTHER = 1, 2
PEOPLE = [  # name, language, status, topic
    ("farmer", "en", "active", TOPIC),
    ("farmer press", "en", "active", TOPIC),
    ("farmer press", "cy", "active", TOPIC),
    ("press", "fr", "active", TOPIC),
    ("", "cy", "active", TOPIC),
    ("farmer", "en", "unsubscribed", TOPIC),
    ("farmer", "en", "active", OTHER),
]
FARMERS = subscribers.c.name.contains("farmer")
PRESS = subscribers.c.name.contains("press")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        for number in (TOPIC, OTHER):
            values = {"slug": f"topic-{number}", "names": {}, "private": False, "created_at": NOW}
            connection.execute(insert(topics).values(id=number, public_id=number, **values))
        for number, one in enumerate(PEOPLE, start=1):
            add(connection, number, *one)
        yield connection


def add(
    connection: Connection, number: int, name: str, language: str, status: str, topic: int
) -> None:
    address = f"person{number}@example.org"
    connection.execute(
        insert(subscribers).values(
            id=number,
            handle=number,
            address=address,
            canonical=address,
            name=name,
            language=language,
            format="html",
            attributes={},
            created_at=NOW,
        )
    )
    connection.execute(
        insert(subscriptions).values(
            subscriber_id=number, topic_id=topic, status=status, basis="consent", since=NOW
        )
    )


def suppress(connection: Connection, target: str) -> None:
    values = {"reason": "request", "evidence": "", "at": NOW}
    connection.execute(insert(suppressions).values(target=target, **values))


def test_people_are_counted_by_language_and_by_their_segments_with_sections_in_it(
    connection: Connection,
) -> None:
    audience = EditionAudience(
        TOPIC,
        ("en", "cy"),
        None,
        (
            SegmentOfVariants("farmers", ("en", "cy"), FARMERS),
            SegmentOfVariants("press", ("en",), PRESS),
        ),
    )

    forms = forms_today(connection, audience)

    assert forms == {
        ("en", "farmers"): 1,
        ("en", "farmers,press"): 1,
        ("en", "press"): 1,
        ("cy", "farmers"): 1,
        ("cy", ""): 1,
    }
    assert sum(forms.values()) == sum(audience.count(connection).values())


def test_without_segments_there_is_one_form_for_each_language(connection: Connection) -> None:
    assert forms_today(connection, EditionAudience(TOPIC, ("en", "cy"), FARMERS)) == {
        ("en", ""): 2,
        ("cy", ""): 1,
    }


def test_active_subscribers_who_are_suppressed_are_counted_and_nobody_else(
    connection: Connection,
) -> None:
    for number in (1, 5, 6, 7):
        suppress(connection, f"person{number}@example.org")
    suppress(connection, "nobody@example.org")

    assert count_suppressed(connection, TOPIC) == 2
    assert count_suppressed(connection, TOPIC, FARMERS) == 1


def test_a_suppressed_domain_leaves_everybody_out(connection: Connection) -> None:
    suppress(connection, "@example.org")

    assert count_suppressed(connection, TOPIC) == 5
