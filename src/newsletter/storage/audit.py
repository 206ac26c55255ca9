"""The audit ledger: who did what, when. Lines are added, never changed (X15)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from newsletter.storage.schema import audit


def record(
    connection: Connection, *, actor: str, action: str, subject: str, detail: str, at: datetime
) -> None:
    """Adds one line, in the transaction of what it tells of, so that neither is kept alone.

    `action` is the command in words (`edition approve`); `subject` is the slug, the masked address
    or the like, never a whole address, which erasing a person could not find again.
    """
    connection.execute(
        insert(audit).values(actor=actor, action=action, subject=subject, detail=detail, at=at)
    )
