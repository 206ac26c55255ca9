"""What is said of quiet hours: to people, and not to cron, which would mail it all night."""

from __future__ import annotations

import sys
from datetime import datetime

from newsletter.app.quiet_time import QuietTime
from newsletter.app.send_report import SendReport
from newsletter.app.workspace import Workspace
from newsletter.cli.local_time import local_clock
from newsletter.cli.stderr_lines import say


def quiet_words(workspace: Workspace, until: datetime) -> str:
    """Until when it is quiet, by the clock at the site: `quiet until 07:00`."""
    return f"quiet until {local_clock(until, workspace.settings.site.timezone)}"


def say_quiet_hours(workspace: Workspace) -> None:
    """Says to a person who sends by hand that it is quiet, if it is."""
    until = QuietTime.of(workspace.settings).over_at(workspace.now())
    if until is not None:
        _tell(
            f"It is {quiet_words(workspace, until)} (dispatch.quiet_hours); you send all the same."
        )


def say_waiting(workspace: Workspace, report: SendReport, *, is_for_cron: bool) -> None:
    """Says which editions wait for quiet hours to be over, or for a relay, which a person hears off
    a terminal, too; and whether notices wait for one."""
    for slug, until in report.quiet:
        now = f"`newsletter send run {slug}` sends it now"
        _tell(f"{slug}: {quiet_words(workspace, until)}; {now}")
    for slug, until in report.waiting:
        at = local_clock(until, workspace.settings.site.timezone)
        line = f"{slug}: the relay asked us to come later; `newsletter send due` goes on at {at}"
        (_tell if is_for_cron else say)(line)
    for line in dict.fromkeys(one.waits for one in report.chores if one.waits):
        _tell(line)


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        say(line)
