"""What has to be done for readers again and again, by whoever is there to do it: `serve`, the
worker, and `send due`. Two at once do nothing twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from newsletter.app.notices.reports import Allowance, NoticeReport
from newsletter.app.notices.sending import send_notices
from newsletter.app.pauses import end_pauses
from newsletter.app.readers.spool import apply_spooled
from newsletter.app.workspace import Workspace
from newsletter.audience.requests.unfinished import is_any_unfinished
from newsletter.dispatch.stopping import Stopping
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.errors import BadAddress, NewsletterError, SurroundingsFailed
from newsletter.storage.engine import reading
from newsletter.storage.schema_version import require_current_here

Chore = Callable[[Workspace], int]
"""Does what is to be done now, and gives how much that was."""


@dataclass
class ChoresReport:
    """What one round came to: how much was done of each chore, by its name; the notices; and what
    kept a chore from being done."""

    done: dict[str, int] = field(default_factory=dict)
    notices: NoticeReport = field(default_factory=NoticeReport)
    faults: list[tuple[str, Exception]] = field(default_factory=list)

    def troubles(self) -> Iterator[str]:
        """A line for each thing that a person should know, without anything personal."""
        for chore, error in self.faults:
            yield f"{chore}: {_what(error)}"
        for fault in self.notices.faults:
            yield f"{_NOTICES}: {_what(fault)}"

    @property
    def waits(self) -> str:
        """What keeps notices waiting that is nobody's fault, in words; "" for nothing."""
        if self.notices.without_relay:
            return f"{_NOTICES}: no relay is set (relay.url), so they wait"
        if self.notices.opens_at is not None:
            return f"{_NOTICES}: the relay asked us to come later, so they wait"
        return ""

    @property
    def have_surroundings_failed(self) -> bool:
        """Whether database, relay or disk kept a whole chore from being done."""
        return any(isinstance(error, SurroundingsFailed) for _, error in self.faults)

    def as_json(self) -> dict[str, Any]:
        """How much was done of each chore, and how many notices are in which state since; without
        what was not done, and so empty when nothing was."""
        states: Counter[str] = Counter(one.state.value for one in self.notices.done)
        states[DeliveryState.SKIPPED.value] += self.notices.expired
        notices = {state: number for state, number in states.items() if number}
        return {**self.done, _NOTICES: notices} if notices else dict(self.done)


def run_chores(
    workspace: Workspace,
    *,
    seconds: float = 20.0,
    stopping: Stopping | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ChoresReport:
    """Does what is to be done now; gives what came of it.

    Each by itself: what fails is in the report and stops none of the others, but for a database
    that cannot be used or was upgraded for a newer program. After `seconds` by `clock` nothing more
    is begun, nor when it is asked to stop: a later round does it. Costs next to nothing when there
    is nothing to do.
    """
    report, stopping, ends_at = ChoresReport(), stopping or Stopping(), clock() + seconds

    def send(workspace: Workspace) -> int:
        allowance = Allowance(seconds=ends_at - clock(), stopping=stopping)
        report.notices = send_notices(workspace, allowance)
        return 0  # what came of each is in the report

    if not _is_of_this_program(workspace, report):
        return report
    for name, chore in {**_CHORES, _NOTICES: send}.items():
        if stopping.is_asked or clock() >= ends_at:
            break
        try:
            number = chore(workspace)
        except Exception as error:  # whatever it is, the next chore is for other people
            report.faults.append((name, error))
        else:
            report.done |= {name: number} if number else {}
    return report


def _is_of_this_program(workspace: Workspace, report: ChoresReport) -> bool:
    """Whether the database still is of this program's version, which whoever has been running for
    long cannot know."""
    try:
        with reading(workspace.engine) as connection:
            require_current_here(connection)
    except Exception as error:  # told as those of the chores are
        report.faults.append(("database", error))
        return False
    return True


def _answer(workspace: Workspace) -> int:
    if not _is_anything_asked(workspace):
        return 0
    # Imported here, and below: what judges requests takes a tenth of the time that cron's usual
    # call takes to find that nothing is due.
    from newsletter.app.requests.answering import answer_requests

    return answer_requests(workspace)


def _remind(workspace: Workspace) -> int:
    if not _is_anything_asked(workspace):
        return 0
    from newsletter.app.requests.reminding import remind

    return remind(workspace)


def _is_anything_asked(workspace: Workspace) -> bool:
    with reading(workspace.engine) as connection:
        return is_any_unfinished(connection, workspace.now())


_NOTICES = "notices"
_CHORES: Mapping[str, Chore] = MappingProxyType(
    {
        "departures": apply_spooled,
        "pauses": end_pauses,
        "requests": _answer,
        "reminders": _remind,
    }
)
"""By name, in the order in which they are done: who has left is not mailed, and what is answered is
sent at once."""


def _what(error: Exception) -> str:
    # An unforeseen error may quote an address, and one about an address does.
    if isinstance(error, NewsletterError) and not isinstance(error, BadAddress):
        return error.lines()[0]
    return f"the program itself failed ({type(error).__name__})"
