"""The whole audience as one JSON document, from which another database can be made.

It carries what no other export does: the handles and the ids of topics, so that links in mail that
is already out keep working; the ledger of consents; suppressions, erased people's seals included;
and which keys all of that needs. One record on each line; the people come last, by address.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from newsletter.app.private_file import Writable
from newsletter.app.progress import NoProgress, Progress
from newsletter.app.workspace import Workspace
from newsletter.storage.engine import reading
from newsletter.storage.schema import (
    consents,
    subscribers,
    subscriptions,
    suppressions,
    topics,
    wordings,
)

FORMAT = "newsletter-audience"
VERSION = 1
_AT_A_TIME = 500


def export_json(workspace: Workspace, out: Writable, *, progress: Progress | None = None) -> int:
    """Writes everything that the list knows; gives the number of people.

    What is read is one moment of the database. The caller audits it.
    """
    watcher = progress or NoProgress()
    with reading(workspace.engine) as connection:
        number = connection.execute(select(func.count()).select_from(subscribers)).scalar_one()
        watcher.phase("Exporting", number)
        export = _Export(connection, out)
        export.head(workspace)
        return export.people(watcher)


class _Export:
    def __init__(self, connection: Connection, out: Writable) -> None:
        self._connection = connection
        self._out = out
        self._slugs: dict[int, str] = {}
        self._wordings: dict[int, int] = {}

    def head(self, workspace: Workspace) -> None:
        ring = workspace.key_ring
        self._out.write(f'{{"format": "{FORMAT}", "version": {VERSION},\n')
        self._out.write(f'"exported_at": "{workspace.now().isoformat()}",\n')
        keys = {str(key_id): ring.fingerprint(key_id) for key_id in sorted(ring.keys)}
        self._out.write(f'"keys": {json.dumps(keys)},\n')
        self._array("topics", self._topics())
        self._array("wordings", self._all_wordings())
        self._array("suppressions", self._suppressions())

    def people(self, progress: Progress) -> int:
        self._out.write('"subscribers": [')
        number = 0
        for person in self._people():
            self._out.write(("," if number else "") + "\n" + _line(person))
            number += 1
            progress.at(number)
        self._out.write("\n]}\n")
        return number

    def _array(self, name: str, records: Iterable[Mapping[str, Any]]) -> None:
        self._out.write(f'"{name}": [')
        for number, record in enumerate(records):
            self._out.write(("," if number else "") + "\n" + _line(record))
        self._out.write("\n],\n")

    def _topics(self) -> Iterator[dict[str, Any]]:
        for row in self._connection.execute(select(topics).order_by(topics.c.slug)):
            self._slugs[row.id] = row.slug
            yield {
                "slug": row.slug,
                "public_id": row.public_id,
                "names": row.names,
                "private": row.private,
                "created_at": _iso(row.created_at),
            }

    def _all_wordings(self) -> Iterator[dict[str, Any]]:
        rows = self._connection.execute(select(wordings).order_by(wordings.c.id)).all()
        for place, row in enumerate(rows):
            self._wordings[row.id] = place
            yield {"text": row.text, "language": row.language, "version": row.version}

    def _suppressions(self) -> Iterator[dict[str, Any]]:
        query = select(suppressions).order_by(suppressions.c.target)
        for row in self._connection.execute(query.execution_options(yield_per=1000)):
            yield {
                "target": row.target,
                "reason": row.reason,
                "evidence": row.evidence,
                "at": _iso(row.at),
            }

    def _people(self) -> Iterator[dict[str, Any]]:
        query = select(subscribers).order_by(subscribers.c.canonical)
        result = self._connection.execute(query.execution_options(yield_per=_AT_A_TIME))
        for rows in result.partitions():
            ids = [row.id for row in rows]
            theirs = self._by_person(ids, subscriptions, subscriptions.c.topic_id)
            lines = self._by_person(ids, consents, consents.c.id)
            for row in rows:
                yield self._person(row, theirs.get(row.id, []), lines.get(row.id, []))

    def _by_person(
        self,
        ids: Sequence[int],
        table: Table,
        order: ColumnElement[Any],
    ) -> dict[int, list[Row[Any]]]:
        found: dict[int, list[Row[Any]]] = {}
        query = select(table).where(table.c.subscriber_id.in_(ids)).order_by(order)
        for row in self._connection.execute(query):
            found.setdefault(row.subscriber_id, []).append(row)
        return found

    def _person(
        self, row: Row[Any], theirs: Sequence[Row[Any]], lines: Sequence[Row[Any]]
    ) -> dict[str, Any]:
        return {
            "email": row.address,
            "handle": f"{row.handle:016x}",  # text: JSON's numbers are too small for 64 bits
            "name": row.name,
            "language": row.language,
            "format": row.format,
            "attributes": row.attributes,
            "created_at": _iso(row.created_at),
            "epoch": row.epoch,
            "subscriptions": [
                {
                    "topic": self._slugs[one.topic_id],
                    "status": one.status,
                    "basis": one.basis,
                    "since": _iso(one.since),
                    "resumes_at": _iso(one.resumes_at) if one.resumes_at else None,
                }
                for one in theirs
            ],
            "consents": [self._consent(one) for one in lines],
        }

    def _consent(self, line: Row[Any]) -> dict[str, Any]:
        return {
            "topic": self._slugs[line.topic_id],
            "status": line.status,
            "basis": line.basis,
            "source": line.source,
            "wording": None if line.wording_id is None else self._wordings[line.wording_id],
            "actor": line.actor,
            "ip": line.ip,
            "at": _iso(line.at),
        }


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _iso(instant: datetime) -> str:
    return instant.isoformat()
