"""`newsletter suppressions`: addresses and domains that are not to be mailed."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from newsletter.app.suppressing import Lifted, all_suppressions, lift, suppress
from newsletter.app.suppression_lists import (
    SuppressionOrder,
    SuppressionResult,
    export_suppressions,
    import_suppressions,
    suppressions_file,
)
from newsletter.audience.suppressed_targets import Target
from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.table import print_table
from newsletter.domain.errors import Refused
from newsletter.domain.people import Suppression, SuppressionReason

_BY_HAND = [
    reason.value
    for reason in (
        SuppressionReason.MANUAL,
        SuppressionReason.REQUEST,
        SuppressionReason.COMPLAINT,
    )
]
_FROM_A_LIST = [reason.value for reason in SuppressionReason if reason != SuppressionReason.ERASED]
_ERASED = "erased, nobody knows whom"


@click.group(cls=Group)
def suppressions() -> None:
    """Addresses and domains that are not to be mailed, whatever any list says."""


@suppressions.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the suppressed addresses and domains, the oldest first.

    Who was erased is counted, too: of them nothing is left but a seal.
    """
    with workspace() as opened:
        found = all_suppressions(opened)
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    print_table(
        ("ADDRESS", "REASON", "SINCE", "EVIDENCE"),
        [(_address(one) or _ERASED, one.reason, one.at.isoformat(), one.evidence) for one in found],
    )


@suppressions.command()
@click.argument("target", metavar="EMAIL|@DOMAIN")
@click.option(
    "--reason", type=click.Choice(_BY_HAND), default=_BY_HAND[0], show_default=True, help="Why."
)
@click.option("--evidence", default="", metavar="TEXT", help="What shows it.")
@json_option
def add(target: str, reason: str, evidence: str, as_json: bool) -> None:
    """Suppress an address, on the list or not, or everybody at a domain.

    A domain means its own addresses and not those of the domains below it.

    Example: newsletter suppressions add @example.org --reason request --evidence "letter of 3 May"
    """
    with workspace() as opened:
        changed = suppress(
            opened,
            target,
            reason=SuppressionReason(reason),
            evidence=evidence,
            actor=system_user(),
        )
    if as_json:
        print_json({"target": target, "changed": changed})
    else:
        click.echo(f"{target}: " + ("suppressed" if changed else "was suppressed already"))


@suppressions.command(name="lift")
@click.argument("target", metavar="EMAIL|@DOMAIN")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept for ever.")
@json_option
def lift_(target: str, reason: str, as_json: bool) -> None:
    """Lift a suppression, on the record. Subscribes nobody."""
    with workspace() as opened:
        lifted = lift(opened, target, reason=reason, actor=system_user())
    if as_json:
        print_json({"target": target, "was": lifted.was.reason})
    else:
        click.echo(f"{target}: {_lifted(lifted)}")


@suppressions.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--reason",
    type=click.Choice(_FROM_A_LIST),
    default=SuppressionReason.IMPORTED.value,
    show_default=True,
    help="Why, of rows that do not say it.",
)
@click.option("--evidence", default="", metavar="TEXT", help="What shows it; else the file's name.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@json_option
def import_(file: Path, reason: str, evidence: str, dry_run: bool, as_json: bool) -> None:
    """Suppress all that a FILE lists: a column address, email or domain in CSV or XLSX, or one a
    line.

    The columns reason, evidence and at are read when they are there. What is suppressed already
    keeps its reason. Lines that cannot be used are told, and the others go in.
    """
    order = SuppressionOrder(
        file, SuppressionReason(reason), evidence, actor=system_user(), dry_run=dry_run
    )
    with workspace() as opened:
        result = import_suppressions(opened, order)
    if as_json:
        print_json(result.as_json())
    else:
        _report(result, dry_run=dry_run)
    if result.rejections and len(result.rejections) == result.read:
        raise click.exceptions.Exit(Refused.exit_code)


@suppressions.command()
@click.option(
    "--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path), metavar="F", help="Write there.")
def export(form: str, out: Path | None) -> None:
    """Give all suppressions out, in a form that `suppressions import` takes.

    In CSV a cell that a spreadsheet could take for a formula gets a ' before it; JSON is raw. Who
    was erased stands there as a seal, which keeps them off the list and names nobody.
    """
    with (
        workspace() as opened,
        nullcontext(sys.stdout) if out is None else suppressions_file(out) as stream,
    ):
        export_suppressions(opened, stream, as_json=form == "json", actor=system_user())


def _as_json(one: Suppression) -> dict[str, str | None]:
    return {
        "address": _address(one),
        "reason": one.reason,
        "at": one.at.isoformat(),
        "evidence": one.evidence,
    }


def _address(one: Suppression) -> str | None:
    return None if Target(one.target).is_seal else one.target


def _lifted(lifted: Lifted) -> str:
    if lifted.still is None:
        return f"no longer suppressed (was {lifted.was.reason})"
    return f"its own suppression is lifted, but it still is with {lifted.still.target}"


def _report(result: SuppressionResult, *, dry_run: bool) -> None:
    for line, why in result.rejections:
        click.echo(f"line {line}: {why}", err=True)
    would = "Would have: " if dry_run else ""
    click.echo(
        f"{would}{result.read} rows read: {result.suppressed} suppressed,"
        f" {result.unchanged} unchanged, {len(result.rejections)} rejected"
    )
