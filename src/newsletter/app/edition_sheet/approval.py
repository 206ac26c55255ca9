"""The approval behind a sheet: that the copy is the one approved, and what was noted with it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.stored_editions import Snapshot, StoredEdition
from newsletter.editions.snapshots import snapshot_digest
from newsletter.storage.schema import audit


def check_digest(stored: StoredEdition, snapshot: Snapshot) -> None:
    """Works the digest out again over all that is sent and shown, and to whom.

    Raises SurroundingsFailed when it is not the one that was approved: then the copy was changed
    by other means than this program's.
    """
    kept = snapshot_digest(
        stored, snapshot.messages, snapshot.pages, snapshot.segment, snapshot.rules
    )
    if kept != snapshot.digest:
        raise SurroundingsFailed(
            f"the approved copy of edition {stored.slug} is not what was approved: its digest is"
            f" {kept} instead of {snapshot.digest}",
            cure="Do not send it. Find out who changed the database; import the edition under"
            " another slug, and have that approved.",
        )


def noted_with(connection: Connection, stored: StoredEdition, snapshot: Snapshot) -> str:
    """What the audit ledger has beside the approval: its reason, and the levels of checks that had
    been changed and counted, each with the reason; "" when there was neither."""
    query = (
        select(audit.c.detail)
        .where(
            audit.c.action == "edition approve",
            audit.c.subject == stored.slug,
            audit.c.detail.contains(snapshot.digest),
        )
        .order_by(audit.c.id.desc())
        .limit(1)
    )
    detail = connection.execute(query).scalar() or ""
    return detail.partition("; ")[2]
