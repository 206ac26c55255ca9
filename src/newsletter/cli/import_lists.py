"""`newsletter subscribers import`, `imports`, `undo-import`: lists brought in and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.command import (
    Command,
    is_terminal,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.cli.phases import phases
from newsletter.cli.table import print_table
from newsletter.domain.errors import Refused
from newsletter.domain.people import Basis, Wording

if TYPE_CHECKING:
    from newsletter.app.imports.order import ImportOrder, ImportResult
    from newsletter.app.imports.tally import Watcher
    from newsletter.app.workspace import Workspace

_PRESETS = ("mailchimp", "listmonk", "plain", "newsletter")


@click.command(name="import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--topic", default="", metavar="T", help="The topic they subscribe to; our own JSON names its."
)
@click.option(
    "--preset",
    type=click.Choice(_PRESETS),
    help="Whose export it is; else the columns tell.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    metavar="F",
    help="A TOML file that says which column is what.",
)
@click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis]),
    help="The lawful basis of those whose row names none; else audience.basis.",
)
@click.option("--source", default="", metavar="S", help="Where the list comes from.")
@click.option("--wording", default="", metavar="W", help="What the people were told.")
@click.option("--wording-language", default="", metavar="L", help="The wording's language.")
@click.option("--wording-version", default="", metavar="V", help="The wording's version.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option(
    "--diff",
    type=click.Path(path_type=Path),
    metavar="F",
    help="Write what becomes of every row to a CSV file.",
)
@json_option
def import_(
    file: Path,
    topic: str,
    preset: str | None,
    mapping: Path | None,
    basis: str | None,
    source: str,
    wording: str,
    wording_language: str,
    wording_version: str,
    dry_run: bool,
    diff: Path | None,
    as_json: bool,
) -> None:
    """Import people from FILE: CSV, TSV, XLSX, or our own JSON.

    Whoever has left or is suppressed is skipped, never revived; whom the list calls unsubscribed or
    cleaned is recorded so. Rows that cannot be used go to a file of their own, with the reason. The
    same file again changes nothing; an import that was broken off goes on.

    Example: newsletter subscribers import subscribed_members_export.csv --topic monthly-bulletin
    --basis consent --dry-run
    """
    from newsletter.app.imports.importing import import_subscribers
    from newsletter.app.imports.order import ImportOrder

    with workspace() as opened, _watching(diff) as watch, phases() as progress:
        order = ImportOrder(
            file=file,
            topic=topic,
            basis=Basis(basis) if basis else None,
            actor=system_user(),
            source=source,
            wording=Wording(wording, wording_language, wording_version) if wording else None,
            preset=preset,
            mapping=mapping,
            dry_run=dry_run,
        )
        order = _with_basis(opened, order)
        result = import_subscribers(opened, order, progress=progress, watch=watch)
    if as_json:
        print_json(result.as_json())
    else:
        _report(result, dry_run=dry_run)
    if not result.usable:
        raise click.exceptions.Exit(Refused.exit_code)


@contextmanager
def _watching(diff: Path | None) -> Iterator[Watcher]:
    from newsletter.app.imports.tally import nobody

    if diff is None:
        yield nobody
        return
    from newsletter.app.imports.diff_file import diff_file

    with diff_file(diff) as watch:
        yield watch


def _with_basis(opened: Workspace, order: ImportOrder) -> ImportOrder:
    """The order, with the basis that a person at the terminal chooses where nothing else says one
    (L2)."""
    from dataclasses import replace

    from newsletter.app.imports.importing import is_ours

    if order.basis or opened.settings.audience.basis or is_ours(order) or not is_terminal():
        return order
    click.echo("On what lawful basis may these people be mailed? Ask who looks after data here.")
    chosen = click.prompt("Basis", type=click.Choice([basis.value for basis in Basis]))
    return replace(order, basis=Basis(chosen))


def _report(result: ImportResult, *, dry_run: bool) -> None:
    for note in result.notes:
        click.echo(note, err=True)
    if not result.read:
        click.echo("There are no rows below the header.", err=True)
    _show_rejected(result)
    if dry_run:
        _show_rows(result)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in result.counts.items())
    would = "Would have: " if dry_run else ""
    click.echo(f"{would}{result.read} rows read: {counts}")
    for outcome, reasons in result.reasons.items():
        if reasons:
            listed = ", ".join(f"{reason} {number}" for reason, number in reasons.items())
            click.echo(f"  {outcome}: {listed}")
    if result.import_id is not None and result.has_changed_anything:
        click.echo(
            f"To take it back: newsletter subscribers undo-import {result.import_id}", err=True
        )


def _show_rejected(result: ImportResult) -> None:
    for row in result.shown["rejected"]:
        click.echo(f"line {row.line}: {row.why}", err=True)
    more = result.counts["rejected"] - len(result.shown["rejected"])
    if more:
        click.echo(f"… and {more:,} more", err=True)
    if result.reject_file:
        click.echo(f"The rejected rows are in {result.reject_file}.", err=True)


def _show_rows(result: ImportResult) -> None:
    """The rows as they were understood, and what would become of the first few."""
    for number, person in enumerate(result.preview, 1):
        told = ", ".join(f"{name} {value}" for name, value in person.items())
        click.echo(f"Row {number} says: {told}", err=True)
    for outcome in ("added", "updated", "skipped"):
        for row in result.shown[outcome]:
            address = f" {row.address}" if row.address else ""
            why = f": {row.why}" if row.why else ""
            click.echo(f"{outcome}, line {row.line}{address}{why}")
        more = result.counts[outcome] - len(result.shown[outcome])
        if more:
            click.echo(f"… and {more:,} more {outcome}")


@click.command(name="imports", cls=Command)
@json_option
def imports_(as_json: bool) -> None:
    """List the imports: what came of each, and which were broken off or taken back."""
    from newsletter.app.imports.undo import imports

    with workspace() as opened:
        found = imports(opened)
    if as_json:
        print_json(
            [
                {
                    "import_id": one.id,
                    "file": one.file,
                    "at": one.at.isoformat(),
                    "by": one.actor,
                    "state": one.state,
                    **one.counts,
                }
                for one in found
            ]
        )
        return
    print_table(
        ("ID", "AT", "BY", "STATE", "ADDED", "UPDATED", "FILE"),
        [
            (
                one.id,
                f"{one.at:%Y-%m-%d %H:%M}",
                one.actor,
                one.state,
                one.counts["added"],
                one.counts["updated"],
                Path(one.file).name,
            )
            for one in found
        ],
    )


@click.command(name="undo-import", cls=Command)
@click.argument("import_id", type=int, metavar="ID")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@json_option
def undo_import(import_id: int, dry_run: bool, as_json: bool) -> None:
    """Take an import back; what anybody did since stands, and so does the ledger.

    Example: newsletter subscribers undo-import 7
    """
    from newsletter.app.imports import undo

    with workspace() as opened, phases() as progress:
        undone = undo.undo_import(
            opened, import_id, actor=system_user(), dry_run=dry_run, progress=progress
        )
    if as_json:
        print_json({"import_id": import_id, "dry_run": dry_run, **asdict(undone)})
        return
    click.echo(
        f"{'Would have: ' if dry_run else ''}{undone.removed} subscriptions removed,"
        f" {undone.restored} restored, {undone.cards} people as they were before,"
        f" {undone.suppressions} suppressions taken away"
    )
    if undone.kept:
        click.echo(f"  kept, for somebody has decided since: {undone.kept}")
