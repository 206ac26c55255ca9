"""Ending the pauses that are over, wherever people are about to be counted or mailed."""

from __future__ import annotations

from newsletter.app.workspace import Workspace
from newsletter.audience import pausing
from newsletter.storage.engine import reading, writing


def end_pauses(workspace: Workspace) -> int:
    """Lets every subscription go on whose pause is over; gives their number.

    Takes the lock of writers only when there is anything to do, which is rare. Raises DatabaseBusy
    then, when somebody else keeps it for too long.
    """
    now = workspace.now()
    with reading(workspace.engine) as connection:
        if not pausing.is_any_over(connection, now):
            return 0
    with writing(workspace.engine) as connection:
        return pausing.resume_due(connection, now)
