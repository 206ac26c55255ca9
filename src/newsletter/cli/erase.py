"""`newsletter subscribers erase`: forgetting a person who asks for it."""

from __future__ import annotations

import click

from newsletter.app.erasing import Erasure
from newsletter.app.erasing import erase as erase_person
from newsletter.cli.command import (
    Command,
    is_terminal,
    json_option,
    print_json,
    system_user,
    workspace,
)

_QUESTION = (
    "Everything that names {email} goes for good, from the list, the ledger and the files beside"
    " them. Erase?"
)
_BUSY = (
    "Something still reads the database, so that traces of the person are left in its log. Stop it,"
    " and run the command again."
)


@click.command(cls=Command)
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase(email: str, yes: bool, as_json: bool) -> None:
    """Erase a person who asks for it, for good.

    What stays is a seal that names nobody and keeps the address off the list, whatever is imported
    later. The totals of editions stay as they are, and old links still answer. Backups and the
    outboxes of other machines are not reached.
    """
    if not yes and is_terminal():
        click.confirm(_QUESTION.format(email=email), abort=True)
    with workspace() as opened:
        erasure = erase_person(opened, email, actor=system_user())
    if as_json:
        print_json(erasure.as_json())
    else:
        _report(email, erasure)


def _report(email: str, erasure: Erasure) -> None:
    if erasure.is_new:
        click.echo(f"{email}: erased. The totals of {_counted(erasure.deliveries)} stay.")
    else:
        click.echo(f"{email}: had been erased already, and nothing here knows who that was.")
    if erasure.rejected_rows:
        click.echo(f"Taken out of lists that could not be used: {erasure.rejected_rows} rows")
    for file in erasure.files:
        click.echo(f"Removed: {file}")
    if not erasure.is_scrubbed:
        click.echo(_BUSY, err=True)


def _counted(deliveries: int) -> str:
    return "1 delivery" if deliveries == 1 else f"{deliveries} deliveries"
