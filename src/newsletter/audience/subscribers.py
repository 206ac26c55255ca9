"""The people on the list, and what is known of their subscriptions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Row, RowMapping, and_, bindparam, exists, select, update

from newsletter.domain.errors import BadInput
from newsletter.domain.people import (
    Basis,
    Consent,
    MailFormat,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Wording,
)
from newsletter.mail.addresses import mask, parse_address
from newsletter.storage.schema import (
    consents,
    handles,
    imports,
    subscribers,
    subscriptions,
    topics,
    wordings,
)

# Made once: a reader who leaves shall not wait for statements to be made.
_BY_HANDLE = (
    select(subscribers)
    .join(
        handles,
        # Whoever has a number now is not meant by the handle of the one who had it before.
        and_(handles.c.subscriber_id == subscribers.c.id, handles.c.handle == subscribers.c.handle),
    )
    .where(handles.c.handle == bindparam("handle", type_=handles.c.handle.type))
)
_SUBSCRIPTIONS_OF = (
    select(subscriptions, topics.c.slug)
    .join(topics, topics.c.id == subscriptions.c.topic_id)
    .where(subscriptions.c.subscriber_id == bindparam("person"))
    .order_by(topics.c.slug)
)
_CONSENTS_OF = (
    select(
        consents,
        topics.c.slug,
        *wordings.c["text", "language", "version"],
        imports.c.at.label("imported_at"),
    )
    .join(topics, topics.c.id == consents.c.topic_id)
    .outerjoin(wordings, wordings.c.id == consents.c.wording_id)
    # Of another database of ours, which has no one topic, lines come as they were written.
    .outerjoin(imports, and_(imports.c.id == consents.c.import_id, imports.c.topic_id.is_not(None)))
    .where(consents.c.subscriber_id == bindparam("person"))
    .order_by(consents.c.id)
)


def find(connection: Connection, address: str) -> Subscriber | None:
    """The person with this address, however it is typed, or None.

    Raises BadInput when it is no address at all.
    """
    canonical = parse_address(address).canonical
    row = connection.execute(
        select(subscribers).where(subscribers.c.canonical == canonical)
    ).first()
    return None if row is None else _subscriber(row)


def subscriber(connection: Connection, address: str) -> Subscriber:
    """The person with this address; raises BadInput when nobody on the list has it."""
    found = find(connection, address)
    if found is None:
        raise nobody_has(address)
    return found


def nobody_has(address: str) -> BadInput:
    """The error for an address that is not known."""
    return BadInput(
        f"nobody on the list has the address {mask(address)}",
        cure="See who is on it with `newsletter subscribers list`.",
    )


def by_handle(connection: Connection, handle: int) -> Subscriber | None:
    """The person that a token names, or None."""
    row = connection.execute(_BY_HANDLE, {"handle": handle}).first()
    if row is None and _is_an_import_under_way(connection):
        # Its people are found by their handles only when all of them are in.
        row = connection.execute(select(subscribers).where(subscribers.c.handle == handle)).first()
    return None if row is None else _subscriber(row)


def all_subscribers(connection: Connection) -> Iterator[Subscriber]:
    """Everyone on the list, in the order in which they came; read a few at a time.

    Whoever has no subscription, not even one that they have left, is not on the list: an import
    that was undone leaves such rows, which retention takes away.
    """
    query = (
        select(subscribers)
        .where(exists().where(subscriptions.c.subscriber_id == subscribers.c.id))
        .order_by(subscribers.c.id)
    )
    rows = connection.execute(query.execution_options(yield_per=1000))
    return (_subscriber(row) for row in rows)


def subscriptions_of(connection: Connection, subscriber_id: int) -> list[Subscription]:
    """The person's subscriptions of whatever status, by topic."""
    return [
        Subscription(
            row.slug, SubscriptionStatus(row.status), Basis(row.basis), row.since, row.resumes_at
        )
        for row in connection.execute(_SUBSCRIPTIONS_OF, {"person": subscriber_id})
    ]


def consents_of(connection: Connection, subscriber_id: int) -> list[Consent]:
    """Everything that ever happened to the person's subscriptions, the oldest first."""
    rows = connection.execute(_CONSENTS_OF, {"person": subscriber_id})
    return [_consent(row) for row in rows]


def set_language(connection: Connection, subscriber_id: int, language: str) -> None:
    """Sets the language that the person reads; the caller knows it to be one of the site's."""
    connection.execute(
        update(subscribers).where(subscribers.c.id == subscriber_id).values(language=language)
    )


def set_form(
    connection: Connection, subscriber_id: int, language: str, mail_format: MailFormat
) -> None:
    """Sets the language that the person reads, one of the site's as the caller knows, and how mail
    to them is to look."""
    values = {"language": language, "format": mail_format}
    connection.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(values))


def _is_an_import_under_way(connection: Connection) -> bool:
    unfinished = select(imports.c.id).where(imports.c.finished_at.is_(None))
    return connection.execute(unfinished.limit(1)).first() is not None


def _subscriber(row: Row[tuple[object, ...]]) -> Subscriber:
    data = row._mapping
    return Subscriber(
        id=data["id"],
        handle=data["handle"],
        address=data["address"],
        canonical=data["canonical"],
        name=data["name"],
        language=data["language"],
        format=MailFormat(data["format"]),
        attributes=data["attributes"],
        epoch=data["epoch"],
    )


def _consent(row: Row[tuple[object, ...]]) -> Consent:
    data = row._mapping
    return Consent(
        topic=data["slug"],
        status=SubscriptionStatus(data["status"]) if data["status"] else None,
        basis=Basis(data["basis"]),
        source=data["source"],
        wording=_wording(data) if data["wording_id"] else None,
        actor=data["actor"],
        at=data["at"],
        ip=data["ip"],
        import_id=data["import_id"],
        imported_at=data["imported_at"],
    )


def _wording(data: RowMapping) -> Wording:
    return Wording(text=data["text"], language=data["language"], version=data["version"])
