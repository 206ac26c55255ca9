"""`newsletter worker`: what `send due` does, every few seconds, for as long as it runs."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

import click

from newsletter.app import edition_status
from newsletter.app.changed_lines import ChangedLines
from newsletter.app.send_report import SendReport
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.cli.chores_lines import chores_lines, log_chores
from newsletter.cli.command import Command, system_user, workspace
from newsletter.cli.sending_call import counted
from newsletter.cli.sending_lines import SendingLines
from newsletter.cli.sending_log import SendingLog
from newsletter.cli.stderr_lines import say
from newsletter.cli.stopping_signals import catch_signals
from newsletter.cli.troubles import Trouble, troubles_of, waits_of
from newsletter.cli.working import EVERY, Alarm, keep_working
from newsletter.dispatch.stopping import Stopping
from newsletter.domain.errors import SurroundingsFailed


@click.command(cls=Command)
@click.option(
    "--skip-reachability",
    is_flag=True,
    help="Send although nobody has looked whether the public pages answer.",
)
@click.option("--log-json", is_flag=True, help="Tell how it goes in JSON lines on stderr.")
def worker(skip_reachability: bool, log_json: bool) -> None:
    """Do what `send due` does, every few seconds, until stopped.

    Sends editions whose time has come, and mail that readers ask for on the public pages. Says what
    it does, and what is wrong when that changes; waits out a relay that is down or a database that
    is busy. SIGTERM or Ctrl-C finishes what is on its way.

    Example: newsletter worker --log-json
    """
    with workspace() as opened, catch_signals() as stopping:
        opened.live_copy.require_live()
        log = SendingLog(opened.now) if log_json else None
        at_work = Worker(opened, stopping, log, skip_reachability)
        with Alarm() as alarm, stopping.telling(alarm.ring):
            at_work.begins()
            keep_working(at_work.turn, stopping, alarm.wait)
            at_work.ends()


@dataclass
class Worker:
    """One process that works, until `stopping` is asked: it says what it does in lines, or into its
    `log`."""

    workspace: Workspace
    stopping: Stopping
    log: SendingLog | None
    skip_reachability: bool
    _held: ChangedLines = field(default_factory=ChangedLines)

    def begins(self) -> None:
        """Says that it is there."""
        host, process = socket.gethostname(), os.getpid()
        every = f"{EVERY:.0f} seconds"
        self._tell(
            Trouble(
                f"Working on {host}, process {process}: looks every {every}. Ctrl-C stops it.",
                "worker-begins",
                {"host": host, "pid": process},
            )
        )

    def ends(self) -> None:
        """Says that it goes."""
        self._tell(Trouble("Stopped, as asked.", "worker-ends"))

    def turn(self) -> bool:
        """Does what is due; gives whether all went well."""
        try:
            return self._do_what_is_due()
        except SurroundingsFailed as error:
            self._tell_changes([Trouble(str(error), "error", {"what": error.what})])
            return False

    def _do_what_is_due(self) -> bool:
        report = self._send()
        self._tell_done(report)
        wrong = list(troubles_of(self.workspace, report))
        self._tell_changes([*wrong, *waits_of(self.workspace, report)])
        return not (report.errors or any(one.faults for one in report.chores))

    def _send(self) -> SendReport:
        sender = Sender(
            self.workspace,
            system_user(),
            watcher=self.log or SendingLines(),
            stopping=self.stopping,
            skip_reachability=self.skip_reachability,
        )
        return sender.due()

    def _tell_done(self, report: SendReport) -> None:
        if self.log is not None:
            log_chores(report, self.log)
            return
        for line in chores_lines(report):
            say(line)
        for slug in report.started:
            standing = edition_status.status(self.workspace, slug)
            say(f"{slug}: {standing.edition.state}; {counted(standing.counts)}")

    def _tell_changes(self, troubles: Iterable[Trouble]) -> None:
        by_words = {one.words: one for one in troubles}
        was_wrong = self._held.any_held
        for words in self._held.news(by_words):
            self._tell(by_words[words])
        if was_wrong and not by_words:
            self._tell(Trouble("Nothing is in the way any more.", "well-again"))

    def _tell(self, trouble: Trouble) -> None:
        if self.log is None:
            say(trouble.words)
        else:
            trouble.log(self.log)
