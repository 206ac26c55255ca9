"""Lists of suppressions as files: giving them out, and taking those of another program in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from sqlalchemy import Connection

from newsletter.app.csv_cells import escape_cell
from newsletter.app.list_files.opening import open_list
from newsletter.app.list_files.tables import ListRow, ListTable, faulty, folded
from newsletter.app.private_file import Writable, private_file
from newsletter.app.workspace import Workspace
from newsletter.audience import suppressions
from newsletter.audience.suppressed_targets import parse_listed_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.domain.suggestions import nearest
from newsletter.mail.header_rules import without_controls
from newsletter.storage import audit
from newsletter.storage.engine import reading, rehearsing, writing
from newsletter.tokens.erasure_seals import ErasureSeals

COLUMNS = ("address", "reason", "at", "evidence")
_TARGET_COLUMNS = ("address", "email", "email address", "domain")
_SLICE = 500


@dataclass(frozen=True, slots=True)
class SuppressionOrder:
    """What to take in, and what holds for rows that do not say it themselves."""

    file: Path
    reason: SuppressionReason
    evidence: str
    actor: str
    dry_run: bool = False


@dataclass(slots=True)
class SuppressionResult:
    """What became of the rows: each is suppressed now, was before, or cannot be used.

    `rejections` are the lines, counted from 1, with the reason.
    """

    suppressed: int = 0
    unchanged: int = 0
    rejections: list[tuple[int, str]] = field(default_factory=list)

    @property
    def read(self) -> int:
        """The number of rows."""
        return self.suppressed + self.unchanged + len(self.rejections)

    def as_json(self) -> dict[str, object]:
        """The result for scripts."""
        return {
            "read": self.read,
            "suppressed": self.suppressed,
            "unchanged": self.unchanged,
            "rejected": len(self.rejections),
            "rejections": [{"line": line, "reason": reason} for line, reason in self.rejections],
        }


def import_suppressions(workspace: Workspace, order: SuppressionOrder) -> SuppressionResult:
    """Suppresses what the file lists: CSV or XLSX with a column address, email or domain, or one of
    them on each line.

    Good rows go in, whatever is wrong with others; what is suppressed already keeps its reason, so
    that the same file again changes nothing. Raises FaultyFile when the file cannot be read as a
    whole; then nothing is changed.
    """
    result = SuppressionResult()
    with open_list(order.file, is_header=_names_targets) as table:
        new = list(_new_suppressions(table, order, workspace.seals, result))
    rows = iter(new)
    kind = rehearsing if order.dry_run else writing
    is_first = True
    while some := list(islice(rows, _SLICE)):
        with kind(workspace.engine) as connection:
            if is_first:
                _record_import(connection, order, len(new), workspace.now())
            changed = suppressions.suppress_all(
                connection, some, workspace.seals, at=workspace.now()
            )
        is_first = False
        result.suppressed += sum(changed)
        result.unchanged += len(changed) - sum(changed)
    return result


def export_suppressions(workspace: Workspace, out: Writable, *, as_json: bool, actor: str) -> int:
    """Writes every suppression, the oldest first, as CSV or as one JSON array; gives the number.

    The CSV can be imported again, and its cells are guarded against spreadsheets (X10). Somebody
    erased stands in it as the seal that keeps them off the list, which tells nobody who they are.
    """
    with writing(workspace.engine) as connection:
        _record(connection, "export", "JSON" if as_json else "CSV", actor, workspace.now())
    write = _write_json if as_json else _write_csv
    with reading(workspace.engine) as connection:
        return write(out, suppressions.all_suppressions(connection))


def suppressions_file(file: Path) -> AbstractContextManager[Writable]:
    """The file that an export is written to, for its owner alone and whole or not at all (X13)."""
    return private_file(
        file,
        what="the suppressions",
        cure="Check that the folder is there, that this user may write in it and that the disk has"
        " room. A file that was there before is as it was.",
    )


def suppression_json(one: Suppression) -> dict[str, str]:
    """One suppression for scripts; of somebody erased, `address` is the seal."""
    cells = (one.target, one.reason, one.at.isoformat(), one.evidence)
    return dict(zip(COLUMNS, cells, strict=True))


def _write_csv(out: Writable, found: Iterator[Suppression]) -> int:
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    number = 0
    for number, one in enumerate(found, start=1):  # noqa: B007 - counted for the answer
        writer.writerow([escape_cell(cell) for cell in suppression_json(one).values()])
    return number


def _write_json(out: Writable, found: Iterator[Suppression]) -> int:
    number = 0
    out.write("[")
    for number, one in enumerate(found, start=1):
        out.write(",\n " if number > 1 else "\n ")
        out.write(json.dumps(suppression_json(one), ensure_ascii=False))
    out.write("\n]\n")
    return number


def _new_suppressions(
    table: ListTable, order: SuppressionOrder, seals: ErasureSeals, result: SuppressionResult
) -> Iterator[NewSuppression]:
    places = _places(table)
    rows = table.rows if places else chain([ListRow(table.header_line, table.header)], table.rows)
    for row in rows:
        try:
            yield _new_suppression(row, places or {_TARGET_COLUMNS[0]: 0}, order, seals)
        except BadInput as error:
            words = ". ".join(error.lines())
            result.rejections.append((row.line, without_controls(words)))


def _places(table: ListTable) -> Mapping[str, int]:
    """Where the columns stand; nothing for a file without a header: one target on each line."""
    if _names_targets(table.header):
        return {folded(name): place for place, name in reversed(list(enumerate(table.header)))}
    if len(table.header) == 1:
        return {}
    message = "no column is called address, email or domain"
    raise faulty(table.file, table.header_line, message, "name the column in the first line")


def _names_targets(header: Sequence[str]) -> bool:
    return any(folded(name) in _TARGET_COLUMNS for name in header)


def _new_suppression(
    row: ListRow, places: Mapping[str, int], order: SuppressionOrder, seals: ErasureSeals
) -> NewSuppression:
    if row.fault is not None:
        raise BadInput(row.fault)
    cells = {name: row.cells[place].strip() for name, place in places.items()}
    text = next((cells[name] for name in _TARGET_COLUMNS if cells.get(name)), "")
    if not text:
        raise BadInput("there is no address and no domain in it")
    target = parse_listed_target(text, seals)
    reason = _reason(cells.get("reason", ""), order.reason)
    if (reason is SuppressionReason.ERASED) is not target.is_seal:
        raise BadInput("the reason erased goes with the seal of an erased address, and with none")
    return NewSuppression(
        target,
        reason,
        cells.get("evidence") or order.evidence or f"import of {order.file.name}",
        _instant(cells.get("at", "")),
    )


def _reason(text: str, otherwise: SuppressionReason) -> SuppressionReason:
    word = text.lower()
    if not word:
        return otherwise
    try:
        return SuppressionReason(word)
    except ValueError:
        near = nearest(word, SuppressionReason)
        raise BadInput(
            f'the reason "{text}" is none of {", ".join(SuppressionReason)}',
            cure=f"Did you mean {near}?" if near else None,
        ) from None


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f'"{text}" is not a time', cure="Write it like 2026-10-31T09:00:00+00:00."
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _record_import(
    connection: Connection, order: SuppressionOrder, rows: int, now: datetime
) -> None:
    _record(connection, "import", f"{order.file.name}: {rows} rows", order.actor, now)


def _record(connection: Connection, step: str, detail: str, actor: str, now: datetime) -> None:
    audit.record(
        connection,
        actor=actor,
        action=f"suppressions {step}",
        subject="every suppression",
        detail=detail,
        at=now,
    )
