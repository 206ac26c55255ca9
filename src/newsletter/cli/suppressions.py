"""`newsletter suppressions`: addresses that are not to be mailed."""

from __future__ import annotations

import click

from newsletter.app.suppressing import all_suppressions, lift, suppress
from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.table import print_table
from newsletter.domain.people import SuppressionReason

_BY_HAND = [
    reason.value
    for reason in (
        SuppressionReason.MANUAL,
        SuppressionReason.REQUEST,
        SuppressionReason.COMPLAINT,
    )
]


@click.group(cls=Group)
def suppressions() -> None:
    """Addresses that are not to be mailed, whatever any list says."""


@suppressions.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the suppressed addresses."""
    with workspace() as opened:
        found = all_suppressions(opened)
    rows = [(one.target, one.reason, one.at.isoformat(), one.evidence) for one in found]
    if as_json:
        keys = ("address", "reason", "at", "evidence")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        print_table(("ADDRESS", "REASON", "SINCE", "EVIDENCE"), rows)


@suppressions.command()
@click.argument("email")
@click.option(
    "--reason", type=click.Choice(_BY_HAND), default=_BY_HAND[0], show_default=True, help="Why."
)
@click.option("--evidence", default="", metavar="TEXT", help="What shows it.")
def add(email: str, reason: str, evidence: str) -> None:
    """Suppress an address, on the list or not."""
    with workspace() as opened:
        changed = suppress(
            opened,
            email,
            reason=SuppressionReason(reason),
            evidence=evidence,
            actor=system_user(),
        )
    click.echo(f"{email}: " + ("suppressed" if changed else "was suppressed already"))


@suppressions.command(name="lift")
@click.argument("email")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept for ever.")
def lift_(email: str, reason: str) -> None:
    """Lift a suppression, on the record. Subscribes nobody."""
    with workspace() as opened:
        was = lift(opened, email, reason=reason, actor=system_user())
    click.echo(f"{email}: no longer suppressed (was {was.reason})")
