"""What the chores came to: a line for whoever reads along, or one for each thing in a log.

With numbers of rows, kinds and codes, and never an address or a server's words, which quote them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from newsletter.app.chores import ChoresReport
from newsletter.app.send_report import SendReport
from newsletter.cli.sending_log import SendingLog

_WORDS = {
    "departures": "people unsubscribed while the database was away, carried out",
    "pauses": "pauses over",
    "requests": "requests answered",
    "reminders": "reminders written",
}


def chores_lines(report: SendReport) -> Iterator[str]:
    """What was done, in words: `requests answered: 3`."""
    for chores in report.chores:
        for name, number in chores.done.items():
            yield f"{_WORDS[name]}: {number}"
        yield from _notices(chores)


def log_chores(report: SendReport, log: SendingLog) -> None:
    """Writes a line for each chore that had something to do, and one for each notice."""
    for chores in report.chores:
        for name, number in chores.done.items():
            log.tell("chore", chore=name, number=number)
        for one in chores.notices.done:
            facts = {"state": one.state, "code": one.code, "enhanced": one.enhanced}
            log.tell("notice", notice=one.id, kind=one.kind, **facts)
        if chores.notices.expired:
            log.tell("notices-expired", number=chores.notices.expired)


def _notices(chores: ChoresReport) -> Iterator[str]:
    counts = Counter((one.kind.value, one.state.value) for one in chores.notices.done)
    for (kind, state), number in counts.items():
        yield f"notices ({kind}) {state}: {number}"
    if chores.notices.expired:
        yield f"notices that came too late: {chores.notices.expired}"
