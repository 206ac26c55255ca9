"""Writing down what servers say of addresses that are on the list: no more mail to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, case, or_

from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.schema import suppressions
from newsletter.storage.upserts import upsert


def suppress_addresses(connection: Connection, new: Sequence[Suppression]) -> None:
    """Suppresses canonical addresses, each with its reason.

    What was known first stays, a complaint or a request as well as a manual one; only what nothing
    but an import had said gives way, and then stands also when that import is undone.
    """
    if not new:
        return
    insert = upsert(connection, suppressions)
    evidence = case(
        (suppressions.c.evidence == "", insert.excluded.evidence),
        else_=suppressions.c.evidence + "; " + insert.excluded.evidence,
    )
    statement = insert.on_conflict_do_update(
        index_elements=[suppressions.c.target],
        set_={"reason": insert.excluded.reason, "evidence": evidence, "import_id": None},
        where=or_(
            suppressions.c.import_id.is_not(None),
            suppressions.c.reason == SuppressionReason.IMPORTED,
        ),
    )
    rows = [
        {"target": one.target, "reason": one.reason, "evidence": one.evidence, "at": one.at}
        for one in new
    ]
    connection.execute(statement, rows)
