"""`newsletter send status`, `failures`, `unknown` and `retry`: who got it, who did not, and what
to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import click

from newsletter.app import edition_status, outcomes, second_tries
from newsletter.app.edition_status import EditionStatus
from newsletter.app.outcomes import UnknownDelivery, delivery_json
from newsletter.app.workspace import Workspace
from newsletter.cli.command import (
    Command,
    by_option,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.cli.held_words import held_words, refusing_words
from newsletter.cli.local_time import local_time
from newsletter.cli.quiet_lines import quiet_words
from newsletter.cli.sending_call import SendingCall, SendingOptions, say_outbox, sending_options
from newsletter.cli.table import print_table
from newsletter.dispatch.listed_deliveries import ListedDelivery
from newsletter.domain.bounces import Verdict
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import BadInput

_ALL = "all"
_ERASED = "(erased)"
_WAYS = (
    "Look each Message-ID up in your relay's log. Where it took the message, run"
    " `newsletter send unknown {slug} --mark-accepted ID`; where it did not,"
    " `newsletter send unknown {slug} --resend ID`."
)


_MEANINGS: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.HARD: "hard: suppressed", Verdict.SOFT: "soft", Verdict.OURS: "ours"}
)


class _IdOrAll(click.ParamType[int | str]):
    """The id of a delivery, or the word `all`."""

    name = "id"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """The id as a number; anything but a number and `all` is refused."""
        if value == _ALL:
            return value
        if not (value.isascii() and value.isdecimal()):
            self.fail(f"{value!r} is no id of a delivery: take one from the list, or say all.")
        return int(value)


_ID = _IdOrAll()
Chosen = Sequence[int | str]
"""Ids and `all`, as they were given."""


@click.command(cls=Command)
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
    click.echo(f"{slug}: {standing.edition.state}{reason}{_quiet(opened, standing)}")
    if standing.held:
        click.echo(held_words(slug, standing.held))
    if standing.refused_codes:
        click.echo(refusing_words(slug, standing.refused_codes))
    if not standing.audience:
        if standing.edition.state is not EditionState.CANCELLED:
            click.echo(f"{standing.expected} people would get it today{_by_language(standing)}.")
        return
    print_table(
        ("STATE", "READERS"), [(state, number) for state, number in standing.counts.items()]
    )
    click.echo(f"audience: {standing.audience}{_by_language(standing)}")


@click.command(cls=Command)
@click.argument("slug")
@json_option
def failures(slug: str, as_json: bool) -> None:
    """List who did not get an edition, what the server said, and what that means.

    The verdict is hard when there is no such address: it is suppressed, and mailed no more. It is
    soft when that may pass, and ours when the fault is not the reader's. `newsletter send retry`
    tries them, and nobody else, once more.
    """
    with workspace() as opened:
        found = outcomes.failures(opened, slug)
    if as_json:
        print_json([delivery_json(one) for one in found])
        return
    if found:
        rows = [_row(opened, one, *_answer(one)) for one in found]
        print_table(("ID", "EMAIL", "AT", "CODE", "VERDICT", "REPLY"), rows)
    click.echo(f"{slug}: {_by_code(found)}")


@click.command(cls=Command)
@click.argument("slug")
@click.argument("more", nargs=-1, type=_ID, metavar="[ID]...")
@click.option(
    "--mark-accepted",
    "accepted",
    type=_ID,
    multiple=True,
    metavar="ID",
    help="Your relay has this one, or all.",
)
@click.option(
    "--resend",
    "resent",
    type=_ID,
    multiple=True,
    metavar="ID",
    help="Send this one again, or all, with the same Message-ID.",
)
@by_option
@sending_options
def unknown(
    slug: str,
    more: Chosen,
    accepted: Chosen,
    resent: Chosen,
    by: str | None,
    options: SendingOptions,
) -> None:
    """List the deliveries of which nobody knows whether the server took them, or decide about
    them.

    Either option may be given more than once, or be followed by more ids. The word all means all
    of them. What is sent again may reach its reader twice.

    Example: newsletter send unknown 2026-10 --resend 17 --resend 18
    """
    _check_choice(more, accepted, resent)
    actor = by or system_user()
    with workspace() as opened:
        if resent:
            number = second_tries.resend(opened, slug, _ids(resent, more), actor=actor)
            _send_once_more(opened, slug, number, actor, options)
        if accepted:
            number = second_tries.mark_accepted(opened, slug, _ids(accepted, more), actor=actor)
            _tell_accepted(slug, number, as_json=options.as_json)
        else:
            _list_unknown(opened, slug, as_json=options.as_json)


@click.command(cls=Command)
@click.argument("slug")
@by_option
@sending_options
def retry(slug: str, by: str | None, options: SendingOptions) -> None:
    """Try once more, at once, those whose delivery failed, and nobody else.

    Each gets the same message as before. `newsletter send failures` lists them.
    """
    actor = by or system_user()
    with workspace() as opened:
        number = second_tries.retry(opened, slug, actor=actor)
        _send_once_more(opened, slug, number, actor, options)


def _quiet(opened: Workspace, standing: EditionStatus) -> str:
    return f", {quiet_words(opened, standing.quiet_until)}" if standing.quiet_until else ""


def _send_once_more(
    opened: Workspace, slug: str, number: int, actor: str, options: SendingOptions
) -> None:
    call = SendingCall(opened, actor, options, f"newsletter send run {slug}")
    code = call.send(lambda sender: sender.run(slug), {"retried": number})
    if not options.as_json:
        say_outbox(opened)
    raise click.exceptions.Exit(code)


def _check_choice(more: Chosen, accepted: Chosen, resent: Chosen) -> None:
    if accepted and resent:
        raise BadInput(
            "a delivery is either taken for accepted or sent again",
            cure="Give --mark-accepted and --resend in two calls.",
        )
    if more and not (accepted or resent):
        raise BadInput(
            "ids were given, and nothing to do with them",
            cure="Say --mark-accepted or --resend before them.",
        )


def _ids(chosen: Chosen, more: Chosen) -> Collection[int] | None:
    """The ids; None when `all` is among them."""
    given = {*chosen, *more}
    return None if _ALL in given else {int(one) for one in given}


def _tell_accepted(slug: str, number: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"edition": slug, "marked_accepted": number})
    else:
        click.echo(f"{slug}: {number} taken for accepted")


def _list_unknown(opened: Workspace, slug: str, *, as_json: bool) -> None:
    found = outcomes.unknowns(opened, slug)
    if as_json:
        print_json([one.as_json() for one in found])
        return
    if not found:
        click.echo(f"{slug}: nothing is unknown")
        return
    print_table(
        ("ID", "EMAIL", "AT", "MESSAGE-ID", "REPLY"), [_unknown_row(opened, one) for one in found]
    )
    click.echo(f"{slug}: {len(found)} unknown. {_WAYS.format(slug=slug)}")


def _unknown_row(opened: Workspace, one: UnknownDelivery) -> tuple[object, ...]:
    return _row(opened, one.delivery, one.message_id or _ERASED, one.delivery.reply or "")


def _row(opened: Workspace, one: ListedDelivery, *more: str) -> tuple[object, ...]:
    at = local_time(one.at, opened.settings.site.timezone)
    return (one.id, one.email or _ERASED, at, *more)


def _answer(one: ListedDelivery) -> tuple[str, str, str]:
    return one.codes or "-", one.verdict or "-", one.reply or ""


def _by_code(found: Sequence[ListedDelivery]) -> str:
    if not found:
        return "nothing failed"
    counts = Counter((one.codes, one.verdict) for one in found)
    told = ", ".join(_counted(number, *key) for key, number in counts.most_common())
    return f"{len(found)} failed: {told}"


def _counted(number: int, codes: str, verdict: Verdict | None) -> str:
    if verdict is None:
        return f"{number} without a code"
    return f"{number} with {codes} ({_MEANINGS[verdict]})"


def _by_language(standing: EditionStatus) -> str:
    by_language = standing.languages
    numbers = ", ".join(f"{number} {language}" for language, number in by_language.items())
    return f" ({numbers})" if numbers else ""
