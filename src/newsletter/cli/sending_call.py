"""Sending from the command line: shown as it goes, stopped by signals, and told at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from newsletter.app import edition_status
from newsletter.app.send_report import SendReport
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.cli.chores_lines import log_chores
from newsletter.cli.command import json_option, print_json
from newsletter.cli.quiet_lines import say_waiting
from newsletter.cli.sending_log import SendingLog
from newsletter.cli.sending_watchers import watching
from newsletter.cli.stopping_signals import catch_signals
from newsletter.cli.troubles import troubles_of, waits_of
from newsletter.domain.deliveries import DeliveryState

_NO_RELAY = (
    "No relay is set (relay.url), so nothing was mailed: the messages are in the outbox, {folder}."
)


@dataclass(frozen=True, slots=True)
class SendingOptions:
    """How a command that sends was asked to: whether the public pages need not be reached first,
    whether a log is written instead of lines, whether the answer is JSON."""

    skip_reachability: bool
    as_log: bool
    as_json: bool


def sending_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of all that send, gathered in its argument `options`."""

    @click.option(
        "--skip-reachability",
        is_flag=True,
        help="Send although nobody has looked whether the public pages answer.",
    )
    @click.option("--log-json", is_flag=True, help="Tell how it goes in JSON lines on stderr.")
    @json_option
    @wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command takes
        skip_reachability: bool,
        log_json: bool,
        as_json: bool,
        **rest: Any,  # noqa: ANN401 - the same
    ) -> None:
        command(*args, options=SendingOptions(skip_reachability, log_json, as_json), **rest)

    return gathered


@dataclass(frozen=True, slots=True)
class SendingCall:
    """One call of a command that sends, in the name of `actor`.

    `again` is the command that goes on with it when it is stopped; `is_for_cron` when cron runs it,
    which mails every line.
    """

    workspace: Workspace
    actor: str
    options: SendingOptions
    again: str
    is_for_cron: bool = False

    def send(
        self, call: Callable[[Sender], SendReport], also: Mapping[str, object] | None = None
    ) -> int:
        """Sends by `call`, says what it came to and gives the exit code; `also` goes into the
        JSON."""
        options = self.options
        with (
            catch_signals() as stopping,
            watching(
                self.workspace.now, as_log=options.as_log, is_for_cron=self.is_for_cron
            ) as watcher,
        ):
            sender = Sender(
                self.workspace,
                self.actor,
                watcher=watcher,
                stopping=stopping,
                skip_reachability=options.skip_reachability,
            )
            report = call(sender)
        self._tell_troubles(report)
        if report.was_stopped and not options.as_log:
            click.echo(f"Stopped, as asked. Go on with `{self.again}`.", err=True)
        self._tell(report, also or {})
        return report.exit_code

    def _tell_troubles(self, report: SendReport) -> None:
        troubles = troubles_of(self.workspace, report)
        if self.options.as_log:
            log = SendingLog(self.workspace.now)
            log_chores(report, log)
            for one in (*troubles, *waits_of(self.workspace, report)):
                one.log(log)
            return
        for one in troubles:
            click.echo(one.words, err=True)
        say_waiting(self.workspace, report, is_for_cron=self.is_for_cron)

    def _tell(self, report: SendReport, also: Mapping[str, object]) -> None:
        if self.options.as_json:
            print_json({**report.as_json(), **also})
            return
        for slug in report.started:
            standing = edition_status.status(self.workspace, slug)
            click.echo(f"{slug}: {standing.edition.state}; {counted(standing.counts)}")


def counted(counts: Mapping[DeliveryState, int]) -> str:
    """How many deliveries are in each state, those that are in any."""
    told = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
    return told or "nobody to send to"


def say_outbox(workspace: Workspace) -> None:
    """Says where the messages are when there is no relay that would have taken them."""
    if not workspace.relays:
        folder = Path(workspace.settings.data_folder, "outbox")
        click.echo(_NO_RELAY.format(folder=folder), err=True)
