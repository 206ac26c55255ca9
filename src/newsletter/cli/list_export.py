"""`newsletter subscribers export`: giving the list out."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.command import Command, system_user, workspace
from newsletter.domain.errors import BadInput

if TYPE_CHECKING:
    from newsletter.app.exporting import ExportOrder
    from newsletter.app.private_file import Writable
    from newsletter.app.workspace import Workspace


def _names(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",")) if value else ()


@click.command(cls=Command)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="csv is for people and spreadsheets, json for another database of this program.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="F", help="Write there.")
@click.option("--topic", metavar="T", help="Only the subscriptions of this topic.")
@click.option("--segment", metavar="NAME", help="Only the people of this segment.")
@click.option(
    "--columns",
    metavar="A,B,…",
    callback=_names,
    help="Only these columns, in this order.",
)
def export(
    form: str,
    out: Path | None,
    topic: str | None,
    segment: str | None,
    columns: tuple[str, ...],
) -> None:
    """Give the list out: as CSV one row for each subscription, as JSON everything.

    The columns of CSV are email, name, language, format, your own attributes, topic, status, basis,
    since and suppression. A cell that a spreadsheet could take for a formula gets a ' before it,
    which an import takes off again. JSON also holds the ledger, the suppressions and the ids, so
    that links in old mail work in the database that it is imported into.

    Example: newsletter subscribers export --columns email,name --topic monthly-bulletin --out F
    """
    from newsletter.app.exporting import ExportOrder, list_file

    if form == "json" and (topic or segment or columns):
        raise BadInput(
            "the JSON export is always of everything",
            cure="Leave --topic, --segment and --columns out, or give the list out as CSV.",
        )
    order = ExportOrder(system_user(), topic, segment, columns)
    with (
        workspace() as opened,
        nullcontext(sys.stdout) if out is None else list_file(out) as stream,
    ):
        (_write_csv if form == "csv" else _write_json)(opened, order, stream)


def _write_csv(opened: Workspace, order: ExportOrder, stream: Writable) -> None:
    from newsletter.app.exporting import export_csv
    from newsletter.cli.progress_bar import progress_bar

    with progress_bar("rows") as told:
        export_csv(opened, order, stream, progress=told)


def _write_json(opened: Workspace, order: ExportOrder, stream: Writable) -> None:
    from newsletter.app.exporting import record_export
    from newsletter.app.full_export import export_json
    from newsletter.cli.phases import phases

    record_export(opened, "JSON", actor=order.actor)
    with phases() as watch:
        export_json(opened, stream, progress=watch)
