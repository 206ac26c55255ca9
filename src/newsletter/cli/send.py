"""`newsletter send`: test, run, due, status, resume, reset."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter.app import edition_status, going_on, sending
from newsletter.app.edition_status import EditionStatus
from newsletter.app.sending import Sender, SendReport
from newsletter.app.workspace import Workspace
from newsletter.cli.command import (
    Group,
    as_imported_option,
    by_option,
    is_terminal,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.cli.finding_lines import finding_line
from newsletter.cli.table import print_table
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import BadInput, Refused

_NO_RELAY = (
    "No relay is set (relay.url), so nothing was mailed: the messages are in the outbox, {folder}."
)


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
    _say_outbox(opened)


@send.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask for the number of readers.")
@as_imported_option
@json_option
def run(slug: str, yes: bool, as_imported: bool, as_json: bool) -> None:
    """Send all of one edition that is due now, then return.

    Starts an approved edition and goes on with one under way. Without a relay the messages go to
    the outbox, data/outbox. Running it twice at once, or again, mails nobody twice.

    Example: newsletter send run 2026-10 --yes
    """
    with workspace() as opened:
        try:
            report = _run(opened, slug, yes=yes, as_imported=as_imported)
        except Refused as refusal:
            if as_json:  # the shape that a script expects, and why it is empty
                print_json(SendReport().as_json() | refusal.as_json())
                click.echo(str(refusal), err=True)
                raise click.exceptions.Exit(Refused.exit_code) from None
            raise
        _finish(opened, report, [slug], as_json=as_json)
        if not as_json:
            _say_outbox(opened)
    raise click.exceptions.Exit(report.exit_code)


def _run(opened: Workspace, slug: str, *, yes: bool, as_imported: bool) -> SendReport:
    sending.check_can_run(opened, slug, as_imported=as_imported)
    standing = edition_status.status(opened, slug)
    if not yes:
        _confirm(standing)
    with _bar(standing) as progress:
        return Sender(opened, system_user(), progress).run(slug, as_imported=as_imported)


@send.command()
@json_option
def due(as_json: bool) -> None:
    """Send every edition whose time has come; for cron, once a minute.

    Silent when nothing is due. An edition that is due without a relay being set is held.
    """
    with workspace() as opened:
        report = Sender(opened, system_user()).due()
        _finish(opened, report, report.started, as_json=as_json)
    raise click.exceptions.Exit(report.exit_code)


@send.command()
@click.argument("slug")
@json_option
def status(slug: str, as_json: bool) -> None:
    """Show how far an edition has got. The counts add up to the audience."""
    with workspace() as opened:
        standing = edition_status.status(opened, slug)
    if as_json:
        print_json(standing.as_json())
        return
    reason = f" ({standing.edition.held_reason})" if standing.edition.held_reason else ""
    click.echo(f"{slug}: {standing.edition.state}{reason}")
    if not standing.audience:
        click.echo(f"{standing.expected} people would get it today{_by_language(standing)}.")
        return
    print_table(
        ("STATE", "READERS"), [(state, number) for state, number in standing.counts.items()]
    )
    click.echo(f"audience: {standing.audience}{_by_language(standing)}")


@send.command()
@click.argument("slug")
@by_option
def resume(slug: str, by: str | None) -> None:
    """Let a held edition go on from where it was held."""
    with workspace() as opened:
        stored = going_on.resume(opened, slug, actor=by or system_user())
    click.echo(f"{slug}: {stored.state} again")


@send.command()
@click.argument("slug")
@by_option
def reset(slug: str, by: str | None) -> None:
    """Put an edition that went only to the outbox back to approved, to send it for real."""
    with workspace() as opened:
        undone = going_on.reset(opened, slug, actor=by or system_user())
    click.echo(f"{slug}: approved again; deliveries to the outbox undone: {undone}")


def _by_language(standing: EditionStatus) -> str:
    by_language = standing.languages
    numbers = ", ".join(f"{number} {language}" for language, number in by_language.items())
    return f" ({numbers})" if numbers else ""


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


class _bar:  # noqa: N801 - reads as a word in `with _bar(…)`
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, standing: EditionStatus) -> None:
        self._total = standing.expected
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not is_terminal(),
        )
        self._name = standing.edition.slug

    def __enter__(self) -> sending.Progress:
        self._progress.start()
        task = self._progress.add_task(self._name, total=self._total)
        return lambda done: self._progress.advance(task, done)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _finish(opened: Workspace, report: SendReport, slugs: list[str], *, as_json: bool) -> None:
    for slug, error in report.errors:
        click.echo(f"{slug}: {error}", err=True)
    for slug, reason in report.held:
        click.echo(
            f"{slug}: held ({reason}). Mend it, then run `newsletter send resume {slug}`.", err=True
        )
    for slug, other in report.busy:
        click.echo(f"{slug}: being sent by {other} already", err=True)
    if as_json:
        print_json(report.as_json())
        return
    for slug in slugs:
        if slug in report.started:
            standing = edition_status.status(opened, slug)
            counts = ", ".join(
                f"{number} {state}" for state, number in standing.counts.items() if number
            )
            click.echo(f"{slug}: {standing.edition.state}; {counts or 'nobody to send to'}")


def _say_outbox(opened: Workspace) -> None:
    if opened.relay is None:
        click.echo(_NO_RELAY.format(folder=Path(opened.settings.data_folder, "outbox")), err=True)
