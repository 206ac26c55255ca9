"""What went otherwise than it should while something was sent, in words and for a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from newsletter.app import edition_status
from newsletter.app.send_report import SendReport
from newsletter.app.why_held import why_edition_held
from newsletter.app.workspace import Workspace
from newsletter.cli.held_words import held_words, refusing_words
from newsletter.cli.local_time import local_clock
from newsletter.cli.quiet_lines import quiet_words
from newsletter.cli.sending_log import SendingLog
from newsletter.domain.deliveries import DeliveryState


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing to be told: in `words`, or as an event with its facts; `event` is "" for what a log
    has by itself."""

    words: str
    event: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def log(self, log: SendingLog) -> None:
        """Writes it into a log, if it belongs there."""
        if self.event:
            log.tell(self.event, **self.facts)


def troubles_of(workspace: Workspace, report: SendReport) -> Iterator[Trouble]:
    """What a person should know about a call that sent, or tried to."""
    for slug, error in report.errors:
        yield Trouble(f"{slug}: {error}", "error", {"edition": slug, "what": error.what})
    for slug, other in report.busy:
        facts = {"edition": slug, "host": other.host, "pid": other.pid}
        yield Trouble(f"{slug}: being sent by {other} already", "busy", facts)
    for slug, reason in report.held:
        why = why_edition_held(workspace, slug)
        words = f" {held_words(slug, why)}" if why else ""
        facts = {"edition": slug, "reason": reason}
        yield Trouble(f"{slug}: held ({reason}).{words}", "held", facts)
    yield from _refused(workspace, report)
    for chores in report.chores:
        for line in chores.troubles():
            yield Trouble(line, "trouble", {"what": line})


def waits_of(workspace: Workspace, report: SendReport) -> Iterator[Trouble]:
    """Which editions wait, for quiet hours to be over or for a relay, and until when; and whether
    notices wait, for a relay."""
    for slug, until in report.quiet:
        facts = {"edition": slug, "until": until.isoformat()}
        yield Trouble(f"{slug}: {quiet_words(workspace, until)}", "quiet", facts)
    for slug, until in report.waiting:
        at = local_clock(until, workspace.settings.site.timezone)
        facts = {"edition": slug, "until": until.isoformat()}
        words = f"{slug}: the relay asked us to come later; it goes on at {at}"
        yield Trouble(words, "waiting", facts)
    for line in dict.fromkeys(one.waits for one in report.chores if one.waits):
        yield Trouble(line, "waiting", {"what": line})


def _refused(workspace: Workspace, report: SendReport) -> Iterator[Trouble]:
    if not report.tally[DeliveryState.DEFERRED]:
        return  # it was said when they were refused
    for slug in report.started:
        codes = edition_status.status(workspace, slug).refused_codes
        if codes:
            yield Trouble(f"{slug}: {refusing_words(slug, codes)}")
