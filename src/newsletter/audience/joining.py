"""Bringing people onto the list, by a member of staff or by their own act.

The rule of the house: nobody is revived. What staff do, one by one or by import, leaves everyone
alone who has left or whose address is suppressed (B6); the person's own act may come back, but
not past a suppression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.audience.suppressions import find_suppression, suppressed_among
from newsletter.domain.errors import Refused
from newsletter.domain.people import MailFormat, Subscriber, SubscriptionStatus, Topic
from newsletter.mail.addresses import mask
from newsletter.storage.schema import handles, subscribers, subscriptions
from newsletter.tokens.random_ids import new_handle


class Joined(StrEnum):
    """What came of adding somebody; the last two change nothing."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    HAS_LEFT = "has left"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    name: str
    language: str
    status: str | None

    def differs_from(self, person: Person) -> bool:
        return (person.name or self.name, person.language or self.language) != (
            self.name,
            self.language,
        )


def add_people(
    connection: Connection,
    people: Sequence[Person],
    topic: Topic,
    grounds: Grounds,
    *,
    default_language: str,
) -> list[Joined]:
    """Adds people, each with another address, to the topic; gives what came of each, in order.

    New people without a language get `default_language`. At most a few hundred at a time.
    """
    canonicals = [person.address.canonical for person in people]
    suppressed = suppressed_among(connection, canonicals)
    known = _known_among(connection, canonicals, topic.id)
    joined = [_judge(one, known.get(one.address.canonical), suppressed) for one in people]
    new = [one for one, what in zip(people, joined, strict=True) if what is Joined.ADDED]
    changed = [one for one, what in zip(people, joined, strict=True) if what is Joined.UPDATED]
    _update_facts(connection, changed, known)
    gaining = [
        row.id for one in changed if (row := known[one.address.canonical]).status is None
    ] + _insert(connection, new, default_language, grounds)
    write_subscriptions(connection, gaining, topic.id, SubscriptionStatus.ACTIVE, grounds)
    return joined


def add_person(
    connection: Connection,
    person: Person,
    topic: Topic,
    grounds: Grounds,
    *,
    default_language: str,
) -> Joined:
    """Adds one person to the topic: added, updated or unchanged.

    Raises Refused, naming the ways back, when the person has left the topic or is suppressed.
    """
    (joined,) = add_people(connection, [person], topic, grounds, default_language=default_language)
    if joined is Joined.SUPPRESSED:
        raise _suppressed(person.address.typed)
    if joined is Joined.HAS_LEFT:
        raise Refused(
            f"{mask(person.address.typed)} has left {topic.slug} and is not added again",
            cure="Only the person can come back, by signing up again.",
        )
    return joined


def join(connection: Connection, subscriber: Subscriber, topic: Topic, grounds: Grounds) -> bool:
    """Makes the subscription active by the person's own act, also when it had been left.

    Gives whether that changed anything; raises Refused while the address is suppressed.
    """
    if find_suppression(connection, subscriber.canonical) is not None:
        raise _suppressed(subscriber.address)
    known = _known_among(connection, [subscriber.canonical], topic.id)
    if known[subscriber.canonical].status == SubscriptionStatus.ACTIVE:
        return False
    active = SubscriptionStatus.ACTIVE
    write_subscriptions(connection, [subscriber.id], topic.id, active, grounds)
    return True


def _suppressed(address: str) -> Refused:
    return Refused(
        f"{mask(address)} is suppressed and is not added",
        cure="If the person asks for it, first run"
        ' `newsletter suppressions lift EMAIL --reason "…"`.',
    )


def _judge(person: Person, known: _Known | None, suppressed: Mapping[str, object]) -> Joined:
    if person.address.canonical in suppressed:
        return Joined.SUPPRESSED
    if known is None:
        return Joined.ADDED
    if known.status == SubscriptionStatus.UNSUBSCRIBED:
        return Joined.HAS_LEFT
    if known.status is None or known.differs_from(person):
        return Joined.UPDATED
    return Joined.UNCHANGED


def _known_among(
    connection: Connection, canonicals: Sequence[str], topic_id: int
) -> dict[str, _Known]:
    query = (
        select(
            subscribers.c.canonical,
            subscribers.c.id,
            subscribers.c.name,
            subscribers.c.language,
            subscriptions.c.status,
        )
        .outerjoin(
            subscriptions,
            and_(
                subscriptions.c.subscriber_id == subscribers.c.id,
                subscriptions.c.topic_id == topic_id,
            ),
        )
        .where(subscribers.c.canonical.in_(canonicals))
    )
    return {row[0]: _Known(*row[1:]) for row in connection.execute(query)}


def _update_facts(
    connection: Connection, people: Sequence[Person], known: Mapping[str, _Known]
) -> None:
    changes = [
        {
            "of_canonical": one.address.canonical,
            "name": one.name or known[one.address.canonical].name,
            "language": one.language or known[one.address.canonical].language,
        }
        for one in people
        if known[one.address.canonical].differs_from(one)
    ]
    if changes:
        canonical = bindparam("of_canonical", type_=subscribers.c.canonical.type)
        connection.execute(update(subscribers).where(subscribers.c.canonical == canonical), changes)


def _insert(
    connection: Connection,
    people: Sequence[Person],
    default_language: str,
    grounds: Grounds,
) -> list[int]:
    if not people:
        return []
    rows = [
        {
            "handle": new_handle(),
            "address": one.address.typed,
            "canonical": one.address.canonical,
            "name": one.name,
            "language": one.language or default_language,
            "format": MailFormat.HTML,
            "attributes": {},
            "created_at": grounds.at,
        }
        for one in people
    ]
    ids = list(
        connection.execute(
            insert(subscribers).returning(subscribers.c.id, sort_by_parameter_order=True), rows
        ).scalars()
    )
    connection.execute(
        insert(handles),
        [
            {"handle": row["handle"], "subscriber_id": its_id}
            for row, its_id in zip(rows, ids, strict=True)
        ],
    )
    return ids
