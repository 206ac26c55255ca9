"""Freezing an audience, and its floor: SQLite writing the same rows with nothing to look after.

The floor is one plain `INSERT … SELECT` by sqlite3 itself into the same table with its indexes, in
the order of the people, without the rules that a row has to keep and without asking who is
suppressed. Each is measured on a copy of the same database, from the start of the transaction until
it is on the disk.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.rounds import Timings
from newsletter.app.clock import utc_now
from newsletter.app.edition_audience import approved_audience
from newsletter.app.freezing import freeze_audience
from newsletter.audience.topics import topic
from newsletter.domain.audience_rules import Today
from newsletter.editions import snapshots, store
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import open_engine, writing

OURS = "freezing"
FLOOR = "plain INSERT"
_SAME_ROWS = """
INSERT INTO deliveries
    (edition_id, subscriber_id, language, format, variant, state, attempts)
SELECT editions.id, people.id, people.language, people.format, '', 'pending', 0
FROM editions
JOIN subscriptions USING (topic_id)
JOIN subscribers AS people ON people.id = subscriptions.subscriber_id
WHERE editions.slug = ? AND subscriptions.status = 'active'
ORDER BY subscriptions.subscriber_id
"""


def freeze_in_rounds(settings_file: Path, slug: str, rounds: int) -> tuple[Timings, int]:
    """The seconds by the clock that each took for an approved edition, by turns; and how many
    people were frozen."""
    database = read_settings(settings_file, use_environment=False).data_folder / "newsletter.db"
    taken: dict[str, list[float]] = {OURS: [], FLOOR: []}
    people = 0
    for _ in range(rounds):
        for name, freeze in ((OURS, _ours), (FLOOR, _floor)):
            seconds, people = _on_a_copy(database, slug, freeze)
            taken[name].append(seconds)
    return Timings(taken), people


def _on_a_copy(
    database: Path, slug: str, freeze: Callable[[Path, str], tuple[float, int]]
) -> tuple[float, int]:
    copy = database.with_name("copy.db")
    shutil.copy(database, copy)
    try:
        return freeze(copy, slug)
    finally:
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()


def _ours(database: Path, slug: str) -> tuple[float, int]:
    engine = open_engine(f"sqlite:///{database}")
    began = time.perf_counter()
    with writing(engine) as connection:
        stored = store.edition(connection, slug)
        snapshot = snapshots.current(connection, stored)
        assert snapshot is not None
        topic_id = topic(connection, stored.topic).id
        audience = approved_audience(snapshot, topic_id, Today.at(utc_now(), "UTC"))
        people = freeze_audience(connection, stored, audience)
    seconds = time.perf_counter() - began
    engine.dispose()
    return seconds, people


def _floor(database: Path, slug: str) -> tuple[float, int]:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")  # foreign keys are off anyhow
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        people = connection.execute(_SAME_ROWS, (slug,)).rowcount
        connection.execute("COMMIT")
        return time.perf_counter() - began, people
