"""What the list lets go of when its time is over: addresses of machines, sign-ups that nobody
confirmed, people who have no subscription (L6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    insert,
    literal,
    null,
    select,
    update,
)

from newsletter.audience.erasure import forget_people
from newsletter.domain.people import READER, ConsentSource, SubscriptionStatus
from newsletter.storage.schema import consents, deliveries, subscribers, subscriptions


def old_ips(before: datetime) -> Select[Any]:
    """The lines of the ledger from before then that still hold an IP address: id, at."""
    return select(consents.c.id, consents.c.at).where(consents.c.ip.is_not(None), _older(before))


def unconfirmed(before: datetime) -> Select[Any]:
    """The subscriptions that have waited for their person since before then: id (the
    subscriber's), at."""
    return select(
        subscriptions.c.subscriber_id.label("id"), subscriptions.c.since.label("at")
    ).where(_waits_since(before))


def without_subscription(before: datetime, retiring: Collection[int] = ()) -> Select[Any]:
    """The people without any subscription, to whom nothing has happened since before then: id, at.

    An import that was undone leaves such. Whom a delivery still refers to is not among them, unless
    it is of one of the editions `retiring`, whose rows go first.
    """
    of_person = subscriptions.c.subscriber_id == subscribers.c.id
    happened = and_(consents.c.subscriber_id == subscribers.c.id, consents.c.at >= before)
    got = and_(
        deliveries.c.subscriber_id == subscribers.c.id, deliveries.c.edition_id.not_in(retiring)
    )
    return select(subscribers.c.id, subscribers.c.created_at.label("at")).where(
        subscribers.c.created_at < before,
        ~exists().where(of_person),
        ~exists().where(happened),
        ~exists().where(got),
    )


def blank_ips(connection: Connection, ids: Sequence[int]) -> int:
    """Takes the IP address out of these lines of the ledger; gives their number."""
    return connection.execute(
        update(consents).where(consents.c.id.in_(ids)).values(ip=None)
    ).rowcount


def remove_unconfirmed(
    connection: Connection,
    subscriber_ids: Sequence[int],
    before: datetime | None,
    at: datetime,
    *,
    source: ConsentSource = ConsentSource.RETENTION,
) -> int:
    """Takes away what these people have not confirmed, and whoever has nothing else; gives the
    number of subscriptions.

    With `before` only what has waited since before then. Who confirmed a moment ago is left alone.
    Whoever stays has a line about it in the ledger, with that source.
    """
    chosen = and_(subscriptions.c.subscriber_id.in_(subscriber_ids), _waits_since(before))
    line = {
        "status": null(),
        "source": literal(source),
        "actor": literal(READER if source is not ConsentSource.RETENTION else source),
        "at": literal(at, consents.c.at.type),
    }
    kept = [subscriptions.c[name] for name in ("subscriber_id", "topic_id", "basis")]
    connection.execute(
        insert(consents).from_select(
            ["subscriber_id", "topic_id", "basis", *line],
            select(*kept, *line.values()).where(chosen),
        )
    )
    number = connection.execute(delete(subscriptions).where(chosen)).rowcount
    forget_people(connection, _with_nothing_else(connection, subscriber_ids))
    return number


def forget_sign_ups(connection: Connection, canonical: str, *, at: datetime) -> None:
    """Takes away what was never confirmed at the canonical address, since whoever reads there never
    asked for it."""
    query = select(subscribers.c.id).where(subscribers.c.canonical == canonical)
    ids = list(connection.execute(query).scalars())
    remove_unconfirmed(connection, ids, None, at, source=ConsentSource.SIGN_UP_BLOCKED)


def remove_without_subscription(
    connection: Connection, subscriber_ids: Sequence[int], before: datetime
) -> int:
    """Takes away those of these people who still have no subscription; gives their number."""
    query = without_subscription(before).where(subscribers.c.id.in_(subscriber_ids))
    ids = [row.id for row in connection.execute(query)]
    forget_people(connection, ids)
    return len(ids)


def _with_nothing_else(connection: Connection, subscriber_ids: Sequence[int]) -> list[int]:
    query = select(subscribers.c.id).where(
        subscribers.c.id.in_(subscriber_ids),
        ~exists().where(subscriptions.c.subscriber_id == subscribers.c.id),
        ~exists().where(deliveries.c.subscriber_id == subscribers.c.id),
    )
    return list(connection.execute(query).scalars())


def _older(before: datetime) -> ColumnElement[bool]:
    return consents.c.at < before


def _waits_since(before: datetime | None) -> ColumnElement[bool]:
    waits = subscriptions.c.status == SubscriptionStatus.PENDING
    return waits if before is None else and_(waits, subscriptions.c.since < before)
