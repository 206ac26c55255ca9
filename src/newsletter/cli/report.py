"""`newsletter report`: what a postmaster wants to know of an edition."""

from __future__ import annotations

import click

from newsletter.cli.command import Command, json_option, print_json, workspace


@click.command(cls=Command)
@click.argument("slug")
@click.option(
    "--receivers",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="How many receivers to name; the rest are one line.",
)
@click.option(
    "--words",
    is_flag=True,
    help="Show a server's words for each code, without what is known to name a reader.",
)
@json_option
def report(slug: str, receivers: int, words: bool, as_json: bool) -> None:
    """Show what became of an edition, by receiver, code and relay, while it is sent and after.

    A receiver is the mail system of one domain. The readers add up to those of `newsletter send
    status`. Rates of hard bounces and complaints are of this edition and of all editions of the
    last 30 days; what is too high is said at the end, with what to do about it.

    Names no person. Servers may do so in their words, so these are shown on demand only.

    Example: newsletter report 2026-10 --receivers 5
    """
    # Imported here: they load the database's library.
    from newsletter.app import postmaster_report
    from newsletter.app.report_json import report_json
    from newsletter.cli.report_tables import print_report

    with workspace() as opened:
        found = postmaster_report.report(opened, slug, receivers=receivers, with_words=words)
        if as_json:
            print_json(report_json(found))
        else:
            print_report(found, opened.settings.site.timezone)
