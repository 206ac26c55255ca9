"""`newsletter send pause`, `resume`, `cancel` and `reset`: a say while it is sent."""

from __future__ import annotations

import click

from newsletter.app import calling_off, going_on
from newsletter.app.going_on import Doubt
from newsletter.cli.command import (
    Command,
    by_option,
    is_terminal,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.cli.sending_call import counted
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.errors import BadInput, Refused


@click.command(cls=Command)
@click.argument("slug")
@by_option
@json_option
def pause(slug: str, by: str | None, as_json: bool) -> None:
    """Stop an edition that is being sent, until `newsletter send resume`.

    Whoever is sending it notices within five seconds, finishes what is on its way, and stops.
    """
    with workspace() as opened:
        standing = calling_off.pause(opened, slug, actor=by or system_user())
    if as_json:
        print_json(standing.as_json())
    else:
        click.echo(f"{slug}: paused; {counted(standing.counts)}")


@click.command(cls=Command)
@click.argument("slug")
@click.option(
    "--journal-lost",
    is_flag=True,
    help="Of one held for journal-missing: make unknown what the lost sender had taken on.",
)
@click.option(
    "--pending-unknown",
    is_flag=True,
    help="Of one held for adopted: make unknown what another copy may have sent.",
)
@by_option
@json_option
def resume(
    slug: str, journal_lost: bool, pending_unknown: bool, by: str | None, as_json: bool
) -> None:
    """Let a paused or held edition go on from where it stood.

    What is made unknown is not sent by itself: `newsletter send unknown` lists it. From our-fault,
    all that waited for it to be mended is due at once; from hard-bounces or complaints, the edition
    is not held for that again.
    """
    chosen = {Doubt.JOURNAL_LOST: journal_lost, Doubt.PENDING_UNKNOWN: pending_unknown}
    with workspace() as opened:
        resumed = going_on.resume(
            opened,
            slug,
            actor=by or system_user(),
            doubts=[doubt for doubt, is_chosen in chosen.items() if is_chosen],
        )
    if as_json:
        print_json(resumed.as_json())
        return
    doubted = f"; {resumed.made_unknown} made unknown" if resumed.made_unknown else ""
    hurried = f"; {resumed.due_at_once} due at once" if resumed.due_at_once else ""
    click.echo(f"{slug}: {resumed.standing.edition.state} again{doubted}{hurried}")


@click.command(cls=Command)
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@json_option
def cancel(slug: str, yes: bool, by: str | None, as_json: bool) -> None:
    """Call an edition off for good: whoever has not got it does not get it.

    Whoever is sending it notices within five seconds. What is on its way then goes out.

    Example: newsletter send cancel 2026-10 --yes
    """
    with workspace() as opened:
        left = calling_off.still_to_get_it(opened, slug)
        if not yes:
            _confirm(slug, left)
        cancelled = calling_off.cancel(opened, slug, actor=by or system_user())
    standing = cancelled.standing
    if as_json:
        print_json(standing.as_json() | {"cancelled": cancelled.skipped})
        return
    under_way = standing.counts[DeliveryState.SENDING]
    still = f"; {under_way} in the hands of a sender, who gives back what is not on its way"
    skipped = f"{cancelled.skipped} deliveries skipped"
    click.echo(f"{slug}: cancelled; {skipped}{still if under_way else ''}")


@click.command(cls=Command)
@click.argument("slug")
@by_option
@json_option
def reset(slug: str, by: str | None, as_json: bool) -> None:
    """Put an edition that went only to the outbox back to approved, to send it for real."""
    with workspace() as opened:
        undone = going_on.reset(opened, slug, actor=by or system_user())
    if as_json:
        print_json({"edition": slug, "state": "approved", "undone": undone})
    else:
        click.echo(f"{slug}: approved again; deliveries to the outbox undone: {undone}")


def _confirm(slug: str, people: int) -> None:
    if not is_terminal():
        raise BadInput(
            f"cancelling {slug} wants a yes, and nobody is here to ask", cure="Add --yes."
        )
    if not click.confirm(f"{people} people would not get {slug}. Cancel it for good?"):
        raise Refused("Nothing was cancelled.")
