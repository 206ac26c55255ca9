"""`newsletter retention`: letting go of what was kept for a time only."""

from __future__ import annotations

import click

from newsletter.cli.command import Command, json_option, print_json, system_user, workspace
from newsletter.cli.progress_bar import progress_bar
from newsletter.cli.table import print_table


@click.command(cls=Command)
@click.option("--dry-run", is_flag=True, help="Say what would go and change nothing.")
@json_option
def retention(dry_run: bool, as_json: bool) -> None:
    """Let go of what is past its time: for cron, once a night.

    Delivery rows are counted into their edition's totals, which stay as they are; IP addresses are
    taken out of the ledger; sign-ups that nobody confirmed go, and so do people without any
    subscription, what was asked for on your pages with the mail about it, and the files of rejected
    rows. How long each is kept stands under [retention] in newsletter.toml.
    """
    from newsletter.app.retention import let_go, what_is_due

    with workspace() as opened:
        if dry_run:
            due = what_is_due(opened)
        else:
            with progress_bar("rows") as progress:
                due = let_go(opened, actor=system_user(), progress=progress)
    if as_json:
        print_json({"dry_run": dry_run, "due": [one.as_json() for one in due]})
        return
    print_table(
        ("KIND", "WOULD GO" if dry_run else "GONE", "FROM BEFORE", "OLDEST", "NEWEST"),
        [
            (
                one.kind.replace("_", " "),
                one.number,
                f"{one.before:%Y-%m-%d}",
                f"{one.oldest:%Y-%m-%d}" if one.oldest else "-",
                f"{one.newest:%Y-%m-%d}" if one.newest else "-",
            )
            for one in due
        ],
    )
