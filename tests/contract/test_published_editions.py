"""Which editions are public, on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from newsletter.audience import topics
from newsletter.domain.editions import EditionContent, EditionState, Form
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions import published, snapshots, store
from newsletter.editions.lifecycle import Step
from newsletter.editions.store import Source
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import topics as topic_table

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def add_topic(engine: Engine, slug: str, *, private: bool = False) -> None:
    with writing(engine) as connection:
        topics.add_topic(
            connection, slug, names={"en": slug}, private=private, actor="mair", now=NOW
        )


def add_edition(engine: Engine, slug: str, topic: str, *, stacked: bool = False) -> StoredEdition:
    """An approved edition in English and Welsh."""
    written = EditionContent(
        slug=slug,
        topic=topic,
        languages=("en", "cy"),
        subject={"en": f"News {slug}", "cy": f"Newyddion {slug}"},
        preheader={"en": "What is new"},
        sections=(),
        form=Form.STACKED if stacked else Form.SEPARATE,
    )
    with writing(engine) as connection:
        topic_id = topics.topic(connection, topic).id
        stored = store.create(connection, written, topic_id, Source("edition.yaml", ""), NOW)
        store.add_revision(connection, stored, written, {}, actor="mair", now=NOW)
        stored = store.edition(connection, slug)
        snapshots.save(connection, stored, a_snapshot(slug, stacked=stacked))
        store.take_step(connection, stored, Step.APPROVE, NOW)
        return store.edition(connection, slug)


def a_snapshot(slug: str, *, stacked: bool) -> Snapshot:
    forms = {"mul": ["en", "cy"]} if stacked else {"en": ["en"], "cy": ["cy"]}
    messages: dict[tuple[str, str], Any] = {
        (form, ""): {"languages": languages, "text": {"encoding": "base64", "pieces": [form]}}
        for form, languages in forms.items()
    }
    return Snapshot(
        digest=slug,
        approved_by="mair",
        approved_at=NOW,
        messages=messages,
        pages={form: [f"<p>{form}</p>"] for form in forms},
        segment=None,
        rules={},
    )


def take(engine: Engine, slug: str, step: Step, at: datetime = NOW) -> None:
    with writing(engine) as connection:
        store.take_step(connection, store.edition(connection, slug), step, at)


def shown(engine: Engine, topic: str, *, skip: int = 0, most: int = 100) -> list[str]:
    with reading(engine) as connection:
        found = published.public_topic(connection, topic)
        if found is None:
            return []
        editions = published.newest_published(connection, found, skip=skip, most=most)
        assert skip or most < 100 or published.count_published(connection, found) == len(editions)
        return [one.slug for one in editions]


def test_an_edition_is_public_from_when_it_begins_to_be_sent(migrated_engine: Engine) -> None:
    add_topic(migrated_engine, "news")
    add_edition(migrated_engine, "one", "news")
    before = shown(migrated_engine, "news")

    take(migrated_engine, "one", Step.START)

    assert before == []
    assert shown(migrated_engine, "news") == ["one"]
    with reading(migrated_engine) as connection:
        assert store.edition(connection, "one").published_at == NOW


@pytest.mark.parametrize("step", [Step.PAUSE, Step.COMPLETE, Step.CANCEL])
def test_whatever_becomes_of_it_then_it_stays_public(migrated_engine: Engine, step: Step) -> None:
    add_topic(migrated_engine, "news")
    add_edition(migrated_engine, "one", "news")
    take(migrated_engine, "one", Step.START)

    take(migrated_engine, "one", step, NOW + timedelta(hours=1))

    with reading(migrated_engine) as connection:
        stored = store.edition(connection, "one")
        assert stored.published_at == NOW
        assert stored.state is not EditionState.SENDING
    assert shown(migrated_engine, "news") == ["one"]


def test_what_is_undone_is_no_more_public(migrated_engine: Engine) -> None:
    add_topic(migrated_engine, "news")
    add_edition(migrated_engine, "one", "news")
    take(migrated_engine, "one", Step.START)

    take(migrated_engine, "one", Step.RESET)

    assert shown(migrated_engine, "news") == []


def test_a_private_topic_is_as_good_as_none(migrated_engine: Engine) -> None:
    """T15."""
    add_topic(migrated_engine, "board", private=True)
    stored = add_edition(migrated_engine, "one", "board")
    take(migrated_engine, "one", Step.START)

    with reading(migrated_engine) as connection:
        assert published.public_topics(connection) == []
        assert published.public_topic(connection, "board") is None
        assert published.find_published(connection, "board", "one") is None
        assert published.newest_of_each_topic(connection, 3) == {}
        viewed = published.find_viewed(connection, stored.public_id)
    assert viewed is not None
    assert viewed.published is None


def test_an_edition_is_found_in_its_own_topic_alone(migrated_engine: Engine) -> None:
    add_topic(migrated_engine, "news")
    add_topic(migrated_engine, "events")
    add_edition(migrated_engine, "one", "news")
    take(migrated_engine, "one", Step.START)

    with reading(migrated_engine) as connection:
        assert published.find_published(connection, "news", "one") is not None
        assert published.find_published(connection, "events", "one") is None
        assert published.find_published(connection, "news", "two") is None


def test_the_newest_come_first_and_as_many_as_are_wanted(migrated_engine: Engine) -> None:
    for topic in ("news", "events", "empty"):
        add_topic(migrated_engine, topic)
    for number in range(6):
        topic = "news" if number % 3 else "events"
        add_edition(migrated_engine, f"e{number}", topic)
        take(migrated_engine, f"e{number}", Step.START, NOW + timedelta(days=number))

    with reading(migrated_engine) as connection:
        newest = published.newest_of_each_topic(connection, 2)

    found = {topic: (total, [one.slug for one in some]) for topic, (total, some) in newest.items()}
    assert found == {"events": (2, ["e3", "e0"]), "news": (4, ["e5", "e4"])}
    assert shown(migrated_engine, "news", skip=1, most=2) == ["e4", "e2"]


def test_whatever_changes_what_is_public_changes_its_state(migrated_engine: Engine) -> None:
    def state() -> object:
        with reading(migrated_engine) as connection:
            assert published.archive_state(connection) == published.archive_state(connection)
            return published.archive_state(connection)

    def rename(**values: object) -> None:
        with writing(migrated_engine) as connection:
            connection.execute(update(topic_table).values(values))

    states = [state()]
    add_topic(migrated_engine, "news")
    states.append(state())
    add_edition(migrated_engine, "one", "news")
    for step in (Step.START, Step.RESET, Step.START):
        take(migrated_engine, "one", step, NOW + timedelta(hours=len(states)))
        states.append(state())
    for values in ({"names": {"en": "Newer news"}}, {"private": True}):
        rename(**values)
        states.append(state())

    assert len(set(states)) == len(states) == 7


@pytest.mark.parametrize(
    ("stacked", "forms"),
    [(False, {"en": "en", "cy": "cy"}), (True, {"en": "mul", "cy": "mul"})],
)
def test_each_language_has_the_form_that_holds_it(
    migrated_engine: Engine, stacked: bool, forms: dict[str, str]
) -> None:
    add_topic(migrated_engine, "news")
    add_edition(migrated_engine, "one", "news", stacked=stacked)
    take(migrated_engine, "one", Step.START)

    with reading(migrated_engine) as connection:
        found = published.find_published(connection, "news", "one")
        assert found is not None
        words = published.words_of(connection, found)
        pages = [
            published.shown_html(connection, found.snapshot_id, form) for form in forms.values()
        ]
        text = published.shown_text(connection, found.snapshot_id, forms["cy"])

    assert list(words.forms.items()) == list(forms.items())
    assert words.subject == {"en": "News one", "cy": "Newyddion one"}
    assert words.preheader == {"en": "What is new"}
    assert pages == [[f"<p>{form}</p>"] for form in forms.values()]
    assert text["pieces"] == [forms["cy"]]
