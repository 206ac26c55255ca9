"""Forgetting people: what names them goes, and what the totals need stays (L4, UK GDPR Art. 17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from newsletter.audience.seal_evidence import ERASED, sealed_on
from newsletter.audience.suppressed_targets import Target
from newsletter.domain.people import ConsentSource, SuppressionReason
from newsletter.storage.schema import (
    consents,
    handles,
    import_changes,
    imports,
    leaving_reasons,
    requests,
    subscribers,
    subscriptions,
    suppressions,
    wordings,
)
from newsletter.tokens.erasure_seals import ErasureSeals


def forget_people(connection: Connection, subscriber_ids: Collection[int]) -> None:
    """Takes these people, a few hundred at most, off the list as if they had never been on it.

    Their lines of the ledger stay without anything that names them. Their deliveries must have been
    forgotten before.
    """
    theirs = consents.c.subscriber_id.in_(subscriber_ids)
    # What staff wrote of one person may name them; what we or a list wrote of many does not. Lines
    # that came with a ledger of ours are of either kind.
    of_a_list = select(imports.c.id).where(imports.c.topic_id.is_not(None))
    by_hand = consents.c.source.not_in(list(ConsentSource)) & or_(
        consents.c.import_id.is_(None), consents.c.import_id.not_in(of_a_list)
    )
    connection.execute(update(consents).where(theirs, by_hand).values(source=""))
    told = connection.execute(select(consents.c.wording_id).where(theirs).distinct()).scalars()
    wording_ids = [one for one in told if one is not None]
    connection.execute(update(consents).where(theirs).values(subscriber_id=None, ip=None))
    _forget_wordings(connection, wording_ids)
    _forget_positions(connection, subscriber_ids)
    # By the handle, which is what that table is in the order of.
    their_handles = select(subscribers.c.handle).where(subscribers.c.id.in_(subscriber_ids))
    connection.execute(delete(handles).where(handles.c.handle.in_(their_handles)))
    for table in (import_changes, leaving_reasons, subscriptions):
        connection.execute(delete(table).where(table.c.subscriber_id.in_(subscriber_ids)))
    connection.execute(delete(subscribers).where(subscribers.c.id.in_(subscriber_ids)))


def seal_address(
    connection: Connection,
    canonical: str,
    seals: ErasureSeals,
    *,
    at: datetime,
    why: str = ERASED,
) -> bool:
    """Keeps the address off the list, by a seal that tells nobody whose it is, until whoever reads
    there wants it back (L4).

    What suppressed it until now gives way to the seal, which says why that was. Gives whether the
    address was sealed only now.
    """
    own = Target(canonical).own_texts(seals)
    rows = connection.execute(select(suppressions).where(suppressions.c.target.in_(own))).all()
    if any(Target(row.target).is_seal for row in rows):
        connection.execute(delete(suppressions).where(suppressions.c.target == canonical))
        return False
    connection.execute(delete(suppressions).where(suppressions.c.target == canonical))
    connection.execute(
        insert(suppressions).values(
            target=seals.seal(canonical),
            reason=SuppressionReason.ERASED,
            evidence=sealed_on(
                at, [(SuppressionReason(row.reason), row.at) for row in rows], why=why
            ),
            at=at,
        )
    )
    return True


def _forget_wordings(connection: Connection, wording_ids: Sequence[int]) -> None:
    """What nobody but these people was told may be of them alone."""
    of_others = select(consents.c.id).where(
        consents.c.wording_id == wordings.c.id, consents.c.subscriber_id.is_not(None)
    )
    # What stood on a page of ours stays for as long as somebody's request says so.
    asked = select(requests.c.id).where(requests.c.wording_id == wordings.c.id)
    chosen = wordings.c.id.in_(wording_ids) & ~of_others.exists() & ~asked.exists()
    alone = connection.execute(select(wordings.c.id).where(chosen)).scalars()
    for wording_id in alone.all():
        told = consents.c.wording_id == wording_id
        connection.execute(update(consents).where(told).values(wording_id=None))
        connection.execute(delete(wordings).where(wordings.c.id == wording_id))


def _forget_positions(connection: Connection, subscriber_ids: Collection[int]) -> None:
    # An import that was broken off then begins anew, which changes nothing twice.
    theirs = select(subscribers.c.canonical).where(subscribers.c.id.in_(subscriber_ids))
    connection.execute(update(imports).where(imports.c.position.in_(theirs)).values(position=None))
