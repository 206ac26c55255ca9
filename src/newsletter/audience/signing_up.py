"""Signing up: what is on record before the person has confirmed it, and what the confirming does.

Until then nothing that was left or stopped changes, whoever filled in the form. The confirming is
the person's own act, and the one way past a suppression: a fresh double opt-in lifts those that are
not there for good (B6), and the seal of somebody erased who now wants to be on the list (L4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from newsletter.audience.arrivals import Arrival, Facts, Wish
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.known_people import known_among
from newsletter.audience.merging import Merger
from newsletter.audience.subscribers import set_language
from newsletter.audience.suppressed_targets import Target
from newsletter.audience.suppressions import find_suppression, lift
from newsletter.domain.people import READER, Basis, ConsentSource, SubscriptionStatus, Topic
from newsletter.domain.requests import Request
from newsletter.storage.schema import subscribers, subscriptions
from newsletter.tokens.erasure_seals import ErasureSeals


def topics_to_join(topics: Iterable[Topic], request: Request) -> list[Topic]:
    """Those of the topics that a sign-up is about and anybody may have: a private one is not joined
    by guessing, nor one that was made private since (T15)."""
    slugs: Collection[str] = request.details["topics"]
    return [one for one in topics if one.slug in slugs and not one.private]


def wait_for(
    connection: Connection,
    request: Request,
    topics: Sequence[Topic],
    *,
    seals: ErasureSeals,
    at: datetime,
) -> None:
    """Puts on record that the person of a sign-up is asked to confirm these topics (L1).

    Topics that they have, or have left, stay as they are, as do their name and language. The
    address must not be suppressed: nothing would be written down of it.
    """
    grounds = Grounds(
        Basis.CONSENT,
        ConsentSource.SIGN_UP_PAGE,
        request.wording,
        READER,
        request.asked_at,
        request.ip,
    )
    known = known_among(connection, [request.canonical])
    # Anybody can ask for another language than the person reads.
    facts = Facts() if known else Facts(language=_language(request))
    wishes = _wishes(topics, SubscriptionStatus.PENDING, grounds)
    arrival = Arrival(request.address, request.canonical, facts, wishes)
    Merger(READER, at, _language(request), seals).merge(connection, [arrival])


def join_by_confirming(
    connection: Connection,
    request: Request,
    topics: Sequence[Topic],
    *,
    seals: ErasureSeals,
    at: datetime,
    ip: str | None,
) -> None:
    """Puts the person of a sign-up on the list of these topics, in the language asked for, and
    lifts what stood against it. The caller knows that mail to the address is not stopped for good.
    """
    _lift(connection, request.canonical, seals, at)
    grounds = Grounds(
        Basis.CONSENT, ConsentSource.SIGN_UP_CONFIRMED, request.wording, READER, at, ip
    )
    known = known_among(connection, [request.canonical]).get(request.canonical)
    active = SubscriptionStatus.ACTIVE
    language = _language(request)
    if known is None:
        wishes = _wishes(topics, active, grounds)
        facts = Facts(language=language)
        arrival = Arrival(request.address, request.canonical, facts, wishes)
        Merger(READER, at, language, seals).merge(connection, [arrival])
        return
    for topic in topics:
        write_subscriptions(connection, [known.id], topic.id, active, grounds)
    set_language(connection, known.id, language)


def left_since(connection: Connection, canonical: str, at: datetime) -> set[int]:
    """The ids of the topics that the person has left since then."""
    found = connection.execute(
        select(subscriptions.c.topic_id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(
            subscribers.c.canonical == canonical,
            subscriptions.c.status == SubscriptionStatus.UNSUBSCRIBED,
            subscriptions.c.since > at,
        )
    )
    return set(found.scalars())


def _wishes(
    topics: Sequence[Topic], status: SubscriptionStatus, grounds: Grounds
) -> tuple[Wish, ...]:
    return tuple(
        Wish(
            one.id,
            status,
            grounds.basis,
            grounds.at,
            grounds.source,
            grounds.wording,
            grounds.ip,
        )
        for one in topics
    )


def _language(request: Request) -> str:
    """The language wanted for the newsletters, else that of the page."""
    return str(request.details.get("language", request.language))


def _lift(connection: Connection, canonical: str, seals: ErasureSeals, at: datetime) -> None:
    if find_suppression(connection, canonical, seals) is not None:
        reason = "the reader confirmed a sign-up"
        lift(connection, Target(canonical), seals, reason=reason, actor=READER, at=at)
