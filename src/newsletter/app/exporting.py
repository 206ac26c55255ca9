"""Giving the list out: everyone, one row for each subscription, as CSV or as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, astuple, dataclass, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from newsletter.app.csv_cells import escape_cell
from newsletter.app.private_file import Writable, private_file
from newsletter.storage import audit
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import subscribers, subscriptions, topics


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person and one of their subscriptions; the last four are None for a person without any.

    `since` is an instant in ISO 8601: when the subscription got its status.
    """

    email: str
    name: str
    language: str
    topic: str | None
    status: str | None
    basis: str | None
    since: str | None


COLUMNS = tuple(field.name for field in fields(ExportRow))


def export_rows(connection: Connection) -> Iterator[ExportRow]:
    """Everyone, in the order in which they came, read from the database a few at a time."""
    query = (
        select(
            subscribers.c.address,
            subscribers.c.name,
            subscribers.c.language,
            topics.c.slug,
            subscriptions.c.status,
            subscriptions.c.basis,
            subscriptions.c.since,
        )
        .outerjoin(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .outerjoin(topics, topics.c.id == subscriptions.c.topic_id)
        .order_by(subscribers.c.id, topics.c.slug)
        .execution_options(yield_per=1000)
    )
    for row in connection.execute(query):
        yield ExportRow(
            email=row.address,
            name=row.name,
            language=row.language,
            topic=row.slug,
            status=row.status,
            basis=row.basis,
            since=row.since.isoformat() if row.since else None,
        )


def list_file(file: Path) -> AbstractContextManager[Writable]:
    """The file that an export is written to, for its owner alone and whole or not at all (X13)."""
    return private_file(
        file,
        what="the list",
        cure="Check that the folder is there, that this user may write in it and that the disk has"
        " room. A file that was there before is as it was.",
    )


def export_csv(engine: Engine, out: Writable, *, actor: str, now: datetime) -> int:
    """Writes the list as CSV (RFC 4180); gives the number of rows.

    A cell that a spreadsheet could take for a formula gets a `'` before it, which an import takes
    off again (X10). Open `out` with newline="": the lines end in CRLF.
    """
    _record(engine, "CSV", actor, now)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    number = 0
    with reading(engine) as connection:
        for row in export_rows(connection):
            writer.writerow([escape_cell(cell or "") for cell in astuple(row)])
            number += 1
    return number


def export_json(engine: Engine, out: Writable, *, actor: str, now: datetime) -> int:
    """Writes the list as one JSON array of objects, as it is; gives the number of rows (X10)."""
    _record(engine, "JSON", actor, now)
    number = 0
    out.write("[")
    with reading(engine) as connection:
        for row in export_rows(connection):
            out.write(",\n " if number else "\n ")
            out.write(json.dumps(asdict(row), ensure_ascii=False))
            number += 1
    out.write("\n]\n")
    return number


def _record(engine: Engine, form: str, actor: str, now: datetime) -> None:
    # Before the first row is given out: nothing leaves the house unrecorded (X15).
    with writing(engine) as connection:
        audit.record(
            connection,
            actor=actor,
            action="subscribers export",
            subject="everyone",
            detail=form,
            at=now,
        )
