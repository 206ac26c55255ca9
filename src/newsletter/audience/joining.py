"""Bringing people onto the list one by one, by a member of staff or by their own act.

What staff do leaves everyone alone who has left or whose address is suppressed (`judging`); the
person's own act may come back, but not past a suppression.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from newsletter.audience.arrivals import Arrival, Facts, Wish
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.judging import Joined
from newsletter.audience.known_people import known_among
from newsletter.audience.merging import Merger
from newsletter.audience.person import Person
from newsletter.audience.suppressions import find_suppression
from newsletter.domain.errors import Refused
from newsletter.domain.people import (
    Subscriber,
    SubscriptionStatus,
    Suppression,
    SuppressionReason,
    Topic,
)
from newsletter.mail.addresses import mask
from newsletter.tokens.erasure_seals import ErasureSeals


def add_people(
    connection: Connection,
    people: Sequence[Person],
    topic: Topic,
    grounds: Grounds,
    *,
    default_language: str,
    seals: ErasureSeals,
) -> list[Joined]:
    """Adds people, each with another address, to the topic; gives what came of each, in order.

    New people without a language get `default_language`. At most a few hundred at a time.
    """
    merger = Merger(grounds.actor, grounds.at, default_language, seals)
    arrivals = [_arrival(one, topic, grounds) for one in people]
    return [decision.joined for decision in merger.merge(connection, arrivals)]


def add_person(
    connection: Connection,
    person: Person,
    topic: Topic,
    grounds: Grounds,
    *,
    default_language: str,
    seals: ErasureSeals,
) -> Joined:
    """Adds one person to the topic: added, updated or unchanged.

    Raises Refused, naming the ways back, when the person has left the topic or is suppressed.
    """
    (joined,) = add_people(
        connection, [person], topic, grounds, default_language=default_language, seals=seals
    )
    if joined is Joined.SUPPRESSED:
        found = find_suppression(connection, person.address.canonical, seals)
        raise _suppressed(person.address.typed, found)
    if joined is Joined.HAS_LEFT:
        raise Refused(
            f"{mask(person.address.typed)} has left {topic.slug} and is not added again",
            cure="Only the person can come back, by signing up again.",
        )
    return joined


def join(
    connection: Connection,
    subscriber: Subscriber,
    topic: Topic,
    grounds: Grounds,
    *,
    seals: ErasureSeals,
) -> bool:
    """Makes the subscription active by the person's own act, also when it had been left.

    Gives whether that changed anything; raises Refused while the address is suppressed.
    """
    suppression = find_suppression(connection, subscriber.canonical, seals)
    if suppression is not None:
        raise _suppressed(subscriber.address, suppression)
    statuses = known_among(connection, [subscriber.canonical])[subscriber.canonical].statuses
    if statuses.get(topic.id) is SubscriptionStatus.ACTIVE:
        return False
    active = SubscriptionStatus.ACTIVE
    write_subscriptions(connection, [subscriber.id], topic.id, active, grounds)
    return True


def _arrival(person: Person, topic: Topic, grounds: Grounds) -> Arrival:
    wish = Wish(
        topic_id=topic.id,
        status=SubscriptionStatus.ACTIVE,
        basis=grounds.basis,
        since=grounds.at,
        source=grounds.source,
        wording=grounds.wording,
        ip=grounds.ip,
    )
    return Arrival(
        address=person.address.typed,
        canonical=person.address.canonical,
        facts=Facts(person.name, person.language, person.format, person.attributes),
        wishes=(wish,),
    )


def _suppressed(address: str, found: Suppression | None) -> Refused:
    if found is not None and found.reason is SuppressionReason.ERASED:
        return Refused(
            f"{mask(address)} was erased and is not added",
            cure="If the person asks for it, first run"
            ' `newsletter suppressions lift EMAIL --reason "…"`.',
        )
    target = found.target if found is not None and found.target.startswith("@") else "EMAIL"
    return Refused(
        f"{mask(address)} is suppressed and is not added",
        cure="If the person asks for it, first run"
        f' `newsletter suppressions lift {target} --reason "…"`.',
    )
