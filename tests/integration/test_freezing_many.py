"""How a million people are frozen: what SQLite does for each of them, and what it need not do."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, event, insert

from newsletter.app.edition_audience import EditionAudience
from newsletter.app.freezing import freeze_audience
from newsletter.editions import store
from newsletter.storage.engine import writing
from newsletter.storage.schema import editions, topics

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


def _freezing_plan(engine: Engine) -> list[str]:
    """What SQLite says that it does for the rows of the freeze, step by step."""
    plans: list[str] = []

    def explain(
        connection: Connection, _cursor: object, statement: str, parameters: object, *_more: object
    ) -> None:
        if statement.startswith("INSERT INTO deliveries"):
            driver = connection.connection.dbapi_connection
            steps = driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(step[-1] for step in steps)

    event.listen(engine, "before_cursor_execute", explain)
    with writing(engine) as connection:
        _add_edition(connection)
        everyone = EditionAudience(1, ("en", "cy"), None)
        freeze_audience(connection, store.edition(connection, "2026-10"), everyone)
    return plans


def _add_edition(connection: Connection) -> None:
    topic = {"id": 1, "public_id": 7, "slug": "news", "names": {}, "private": False}
    connection.execute(insert(topics).values(**topic, created_at=NOW))
    source = {"source_file": "", "source_digest": ""}
    edition = {"public_id": 9, "slug": "2026-10", "topic_id": 1, "state": "sending", "revision": 1}
    connection.execute(insert(editions).values(**edition, **source, created_at=NOW))


def test_people_are_frozen_in_the_order_in_which_they_lie(sqlite_engine: Engine) -> None:
    """Sorting a million of them first takes as long as writing their rows."""
    plan = _freezing_plan(sqlite_engine)

    assert plan[0].startswith("SEARCH subscriptions USING COVERING INDEX")
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_rows_are_looked_up_only_when_there_are_any(sqlite_engine: Engine) -> None:
    plan = _freezing_plan(sqlite_engine)

    assert not [step for step in plan if "SEARCH deliveries" in step]
