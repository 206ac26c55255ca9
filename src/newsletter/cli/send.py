"""`newsletter send`: test, run, due; what stops editions and what tells of them is beside it."""

from __future__ import annotations

import click

from newsletter.app import edition_status
from newsletter.app.edition_status import EditionStatus
from newsletter.app.may_send import check_can_run
from newsletter.app.send_report import SendReport
from newsletter.cli.command import (
    Group,
    as_imported_option,
    is_terminal,
    print_json,
    system_user,
    workspace,
)
from newsletter.cli.finding_lines import finding_line
from newsletter.cli.quiet_lines import say_quiet_hours
from newsletter.cli.send_control import cancel, pause, reset, resume
from newsletter.cli.send_outcomes import failures, retry, status, unknown
from newsletter.cli.sending_call import SendingCall, SendingOptions, say_outbox, sending_options
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import BadInput, Refused


@click.group(cls=Group)
def send() -> None:
    """Send editions, and see who got them."""


@send.command()
@click.argument("slug")
@click.option("--to", required=True, metavar="EMAIL", help="Where the test goes; any address.")
@click.option("--language", metavar="L", help="Only this language; else all.")
def test(slug: str, to: str, language: str | None) -> None:
    """Send an edition to one address, marked [Test], with links that open nothing.

    Counts for nobody: no delivery is recorded.

    Example: newsletter send test 2026-10 --to me@example.org
    """
    # Imported here: it composes, and the composer's libraries are most of what there is to load,
    # while `send due`, which cron starts every minute, composes nothing.
    from newsletter.app.trial import send_trial

    with workspace() as opened:
        trial = send_trial(opened, slug, to=to, language=language)
    for finding in trial.findings:
        click.echo(finding_line(finding), err=True)
    click.echo(f"{slug}: test in {', '.join(trial.languages)} accepted for {to}")
    say_outbox(opened)


@send.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask for the number of readers.")
@as_imported_option
@sending_options
def run(slug: str, yes: bool, as_imported: bool, options: SendingOptions) -> None:
    """Send all of one edition that is due now, then return.

    Starts an approved edition and goes on with one under way. Without a relay the messages go to
    the outbox, data/outbox. Running it twice at once, or again, mails nobody twice. SIGTERM or
    Ctrl-C finishes what is on its way and stops; running it again goes on.

    Example: newsletter send run 2026-10 --yes
    """
    with workspace() as opened:
        try:
            check_can_run(opened, slug, as_imported=as_imported)
            say_quiet_hours(opened)
            if not yes:
                _confirm(edition_status.status(opened, slug))
            call = SendingCall(opened, system_user(), options, f"newsletter send run {slug}")
            code = call.send(lambda sender: sender.run(slug, as_imported=as_imported))
        except Refused as refusal:
            if options.as_json:  # the shape that a script expects, and why it is empty
                print_json(SendReport().as_json() | refusal.as_json())
                click.echo(str(refusal), err=True)
                raise click.exceptions.Exit(Refused.exit_code) from None
            raise
        if not options.as_json:
            say_outbox(opened)
    raise click.exceptions.Exit(code)


@send.command()
@sending_options
def due(options: SendingOptions) -> None:
    """Send every edition whose time has come; for cron, once a minute.

    Silent when nothing is due. An edition that is due without a relay being set is held; in quiet
    hours it waits.
    """
    with workspace() as opened:
        call = SendingCall(opened, system_user(), options, "newsletter send due", is_for_cron=True)
        code = call.send(lambda sender: sender.due())
    raise click.exceptions.Exit(code)


for _command in (status, failures, unknown, retry, pause, resume, cancel, reset):
    send.add_command(_command)


def _confirm(standing: EditionStatus) -> None:
    slug = standing.edition.slug
    if not is_terminal():
        raise BadInput(f"sending {slug} wants a yes, and nobody is here to ask", cure="Add --yes.")
    people = standing.expected
    if standing.edition.state is EditionState.SENDING:
        people = sum(
            standing.counts[state] for state in (DeliveryState.PENDING, DeliveryState.DEFERRED)
        )
    answer = click.prompt(f"{slug} goes to {people} people. Type that number to send it")
    if answer.strip() != str(people):
        raise Refused("That is not the number; nothing was sent.")
