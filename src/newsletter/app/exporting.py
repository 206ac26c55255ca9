"""Giving the list out as CSV: one row for each subscription, of the columns that are asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, String, func, select, type_coerce

from newsletter.app.csv_cells import escape_cell
from newsletter.app.private_file import Writable, private_file
from newsletter.app.segment_rules import read_segment, site_vocabulary
from newsletter.app.workspace import Workspace
from newsletter.audience.segments.conditions import condition_of
from newsletter.audience.segments.store import segment_called
from newsletter.audience.suppressed_targets import domain_of
from newsletter.audience.topics import all_topics, topic
from newsletter.domain.attributes import AttributeValue
from newsletter.domain.errors import BadInput
from newsletter.domain.suggestions import nearest
from newsletter.storage import audit
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import subscribers, subscriptions, suppressions

_FIELDS: Mapping[str, ColumnElement[Any]] = {
    "email": subscribers.c.address,
    "name": subscribers.c.name,
    "language": subscribers.c.language,
    "format": subscribers.c.format,
    "topic": subscriptions.c.topic_id,
    "status": subscriptions.c.status,
    "basis": subscriptions.c.basis,
    # As it is stored: making an instant of each costs more than all other columns together.
    "since": type_coerce(subscriptions.c.since, String),
    "suppression": suppressions.c.reason,
}
"""What each column is made of; every other one is an attribute."""

_FIRST = ("email", "name", "language", "format")
_Fields: TypeAlias = Mapping[str, ColumnElement[Any]]
_Values: TypeAlias = Mapping[str, Sequence[Any]]
_AT_A_TIME = 1000
"""Rows that are fetched and written together: few enough to keep, enough to be fast."""


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What of the list is to be given out, and to whom: None and nothing mean all of it.

    `columns` are among `export_columns`, in any order.
    """

    actor: str
    topic: str | None = None
    segment: str | None = None
    columns: Sequence[str] = ()


def export_columns(workspace: Workspace) -> tuple[str, ...]:
    """Every column that there is: those of all workspaces, with the declared attributes among
    them."""
    last = [name for name in _FIELDS if name not in _FIRST]
    return (*_FIRST, *workspace.settings.attribute_types, *last)


def export_csv(
    workspace: Workspace,
    order: ExportOrder,
    out: Writable,
    *,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> int:
    """Writes the list as CSV (RFC 4180), in the order in which people came; gives the number of
    rows.

    A cell that a spreadsheet could take for a formula gets a `'` before it, which an import takes
    off again (X10). Open `out` with newline="": the lines end in CRLF. Raises BadInput for a
    column, a topic or a segment that there is not.
    """
    columns = _checked(order.columns, export_columns(workspace))
    with reading(workspace.engine) as connection:
        fields = _fields(columns)
        query = _chosen(workspace, connection, order, _query(fields))
        total = _number(connection, query)
    record_export(workspace, f"CSV: {', '.join(columns)}", actor=order.actor)
    done = 0
    out.write(_csv([columns]))
    with reading(workspace.engine) as connection:
        for rows in _chunks(connection, query, columns, list(fields)):
            out.write(_csv(rows))
            done += len(rows)
            progress(done, total)
    return done


def list_file(file: Path) -> AbstractContextManager[Writable]:
    """The file that an export is written to, for its owner alone and whole or not at all (X13)."""
    return private_file(
        file,
        what="the list",
        cure="Check that the folder is there, that this user may write in it and that the disk has"
        " room. A file that was there before is as it was.",
    )


def record_export(workspace: Workspace, form: str, *, actor: str) -> None:
    """Audits an export before the first row is given out: nothing leaves the house unrecorded
    (X15)."""
    with writing(workspace.engine) as connection:
        audit.record(
            connection,
            actor=actor,
            action="subscribers export",
            subject="everyone",
            detail=form,
            at=workspace.now(),
        )


def attribute_cell(value: AttributeValue | None) -> str:
    """An attribute's value as a cell that an import reads as the same value; "" for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        plain = ",".join(value)
        # As most are; an entry with a comma or a quotation mark in it has to be in quotes.
        is_plain = '"' not in plain and plain.count(",") == len(value) - 1
        return plain if is_plain else _csv([value]).removesuffix("\r\n")
    return "" if value is None else str(value)


def _checked(wanted: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for name in wanted:
        if name not in known:
            near = nearest(name, known)
            raise BadInput(
                f'there is no column "{name}" to export',
                cure=f"Did you mean {near}?" if near else f"The columns are: {', '.join(known)}.",
            )
    if len(set(wanted)) != len(wanted):
        raise BadInput("a column is asked for twice", cure="Name each column once.")
    return tuple(wanted or known)


def _fields(columns: Iterable[str]) -> dict[str, ColumnElement[Any]]:
    """What is asked of the database for these columns, each thing once, by its name."""
    fields: dict[str, ColumnElement[Any]] = {}
    for name in columns:
        if name in _FIELDS:
            fields[name] = _FIELDS[name]
        else:
            fields["attributes"] = subscribers.c.attributes
    if "suppression" in fields:
        fields["canonical"] = subscribers.c.canonical
    return fields


def _query(fields: _Fields) -> Select[Any]:
    """One row for each subscription; people without any are not on the list."""
    query = select(*fields.values()).select_from(subscribers.join(subscriptions))
    if "suppression" in fields:
        own = suppressions.c.target == subscribers.c.canonical
        query = query.outerjoin(suppressions, own)
    return query.order_by(subscribers.c.id, subscriptions.c.topic_id)


def _chosen(
    workspace: Workspace, connection: Connection, order: ExportOrder, query: Select[Any]
) -> Select[Any]:
    if order.topic is not None:
        query = query.where(subscriptions.c.topic_id == topic(connection, order.topic).id)
    if order.segment is not None:
        segment = segment_called(connection, order.segment)
        rule = read_segment(segment, site_vocabulary(connection, workspace.settings))
        query = query.where(condition_of(rule, workspace.today))
    return query


def _number(connection: Connection, query: Select[Any]) -> int:
    counted = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    number: int = connection.execute(counted).scalar_one()
    return number


def _chunks(
    connection: Connection, query: Select[Any], columns: Sequence[str], names: Sequence[str]
) -> Iterator[list[tuple[str, ...]]]:
    """The rows a thousand at a time, worked on column by column: a call for every cell of a million
    rows would take longer than all else."""
    writers = [_writer(connection, column) for column in columns]
    result = connection.execute(query.execution_options(yield_per=_AT_A_TIME))
    for rows in result.partitions():
        values = dict(zip(names, zip(*rows, strict=True), strict=True))
        yield list(zip(*(write(values) for write in writers), strict=True))


def _writer(connection: Connection, column: str) -> Callable[[_Values], Iterable[str]]:
    """How a column's cells are made of what was fetched. Only what a person may have typed can be a
    formula."""
    if column in ("email", "name"):
        return lambda values: map(escape_cell, values[column])
    if column == "topic":
        slugs = {one.id: one.slug for one in all_topics(connection)}
        return lambda values: map(slugs.__getitem__, values[column])
    if column == "since":
        return lambda values: [_iso(str(since)) for since in values[column]]
    if column == "suppression":
        return _suppression_writer(connection)
    if column in _FIELDS:
        return lambda values: values[column]
    return lambda values: [
        escape_cell(attribute_cell(attributes.get(column))) for attributes in values["attributes"]
    ]


def _suppression_writer(connection: Connection) -> Callable[[_Values], Iterable[str]]:
    # Domains are few, and a second join would look each person up once more.
    query = select(suppressions.c.target, suppressions.c.reason)
    of_domains = query.where(suppressions.c.target.like("@%"))
    domains: dict[str, str] = dict(connection.execute(of_domains).all())
    if not domains:
        return lambda values: [reason or "" for reason in values["suppression"]]
    return lambda values: [
        reason or domains.get(domain_of(canonical), "")
        for reason, canonical in zip(values["suppression"], values["canonical"], strict=True)
    ]


@lru_cache(maxsize=4096)
def _iso(stored: str) -> str:
    # Many rows have the same: those of one import.
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).isoformat()


def _csv(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()
