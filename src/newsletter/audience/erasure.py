"""Forgetting people: what names them goes, and what the totals need stays (L4, UK GDPR Art. 17)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.audience.suppressed_targets import Target
from newsletter.domain.people import ConsentSource, SuppressionReason
from newsletter.storage.schema import (
    consents,
    handles,
    import_changes,
    imports,
    subscribers,
    subscriptions,
    suppressions,
)
from newsletter.tokens.erasure_seals import ErasureSeals


def forget_people(connection: Connection, subscriber_ids: Collection[int]) -> None:
    """Takes these people, a few hundred at most, off the list as if they had never been on it.

    Their lines of the ledger stay without anything that names them. Their deliveries must have been
    forgotten before.
    """
    theirs = consents.c.subscriber_id.in_(subscriber_ids)
    # What staff wrote of one person may name them; what we or an import wrote of many does not.
    by_hand = consents.c.source.not_in(list(ConsentSource)) & consents.c.import_id.is_(None)
    connection.execute(update(consents).where(theirs, by_hand).values(source=""))
    connection.execute(update(consents).where(theirs).values(subscriber_id=None, ip=None))
    _forget_positions(connection, subscriber_ids)
    # By the handle, which is what that table is in the order of.
    their_handles = select(subscribers.c.handle).where(subscribers.c.id.in_(subscriber_ids))
    connection.execute(delete(handles).where(handles.c.handle.in_(their_handles)))
    for table in (import_changes, subscriptions):
        connection.execute(delete(table).where(table.c.subscriber_id.in_(subscriber_ids)))
    connection.execute(delete(subscribers).where(subscribers.c.id.in_(subscriber_ids)))


def seal_address(
    connection: Connection, canonical: str, seals: ErasureSeals, *, at: datetime
) -> bool:
    """Keeps the address off the list for ever, by a seal that tells nobody whose it is.

    What suppressed it until now gives way to the seal, which says why that was. Gives whether the
    address was sealed only now.
    """
    own = Target(canonical).own_texts(seals)
    rows = connection.execute(select(suppressions).where(suppressions.c.target.in_(own))).all()
    if any(Target(row.target).is_seal for row in rows):
        connection.execute(delete(suppressions).where(suppressions.c.target == canonical))
        return False
    connection.execute(delete(suppressions).where(suppressions.c.target == canonical))
    before = "".join(f"; was suppressed on {row.at:%Y-%m-%d}: {row.reason}" for row in rows)
    connection.execute(
        insert(suppressions).values(
            target=seals.seal(canonical),
            reason=SuppressionReason.ERASED,
            evidence=f"erased on {at:%Y-%m-%d}{before}",
            at=at,
        )
    )
    return True


def _forget_positions(connection: Connection, subscriber_ids: Collection[int]) -> None:
    # An import that was broken off then begins anew, which changes nothing twice.
    theirs = select(subscribers.c.canonical).where(subscribers.c.id.in_(subscriber_ids))
    connection.execute(update(imports).where(imports.c.position.in_(theirs)).values(position=None))
