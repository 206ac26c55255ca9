"""Carrying out what people asked for while the database could not take it (T10)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from newsletter.app.readers.spool_folder import SpooledDeparture, SpoolFolder
from newsletter.app.workspace import Workspace
from newsletter.audience import leaving, subscribers
from newsletter.audience.topics import topic_by_public_id
from newsletter.storage.engine import writing
from newsletter.storage.schema_version import require_current_here
from newsletter.tokens.tokens import Purpose, TokenClaims

_AT_ONCE = 200
"""Wishes of one transaction: whoever waits for the write lock waits for no more than these."""


def apply_spooled(workspace: Workspace, *, patience: float | None = None) -> int:
    """Has everybody leave whose wish lies in the spool; gives the number of wishes.

    To be called before anybody is chosen to be mailed; costs next to nothing when there are none. A
    wish is removed only when it is certain to have been carried out: twice is as good as once. Who
    has come back since by their own act stays. Waits for the database as long as others do, or for
    `patience` seconds; raises DatabaseBusy and SurroundingsFailed, and all that is left waits on.
    """
    folder = SpoolFolder(workspace.spool_folder)
    waiting = folder.waiting()
    if not waiting:
        return 0
    carry_out = _CarryOut(workspace, folder, patience)
    return sum(
        carry_out(waiting[start : start + _AT_ONCE]) for start in range(0, len(waiting), _AT_ONCE)
    )


class _CarryOut:
    """What one transaction does."""

    def __init__(self, workspace: Workspace, folder: SpoolFolder, patience: float | None) -> None:
        self._workspace = workspace
        self._folder = folder
        self._patience = patience

    def __call__(self, files: list[Path]) -> int:
        with writing(self._workspace.engine, patience=self._patience) as connection:
            require_current_here(connection)
            # Not before: while the database is waited for, a wish may be said again, and later
            # than what somebody has come back to.
            understood = list(self._understood(files))
            for _, claims, wish in understood:
                _leave(connection, claims, wish)
        for file, _, _ in understood:
            # Whatever was written over it meanwhile says the same.
            self._folder.remove(file)
        return len(understood)

    def _understood(
        self, files: list[Path]
    ) -> Iterator[tuple[Path, TokenClaims, SpooledDeparture]]:
        tokens = self._workspace.tokens
        for file, wish in self._folder.read(files):
            claims = tokens.read(Purpose.UNSUBSCRIBE, wish.token)
            if claims is None:  # as when the keys are not those of then
                self._folder.set_aside(file)
            else:
                yield file, claims, wish


def _leave(connection: Connection, claims: TokenClaims, wish: SpooledDeparture) -> None:
    person = subscribers.by_handle(connection, claims.handle)
    if person is None:
        return  # erased: nobody is mailed
    topic = None if wish.everything else topic_by_public_id(connection, claims.topic)
    if topic is None and not wish.everything:
        return  # a topic that is one no more
    topic_id = topic.id if topic else None
    leaving.leave_belatedly(connection, person.id, topic_id, source=wish.source, asked_at=wish.at)
