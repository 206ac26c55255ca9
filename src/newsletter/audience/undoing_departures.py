"""Taking a departure back: whoever pressed the wrong button gets again what they got before.

The ledger tells what there was. Only the person's own act at the pages for leaving is taken back,
for a day, while nothing else has been said since; that stands in the ledger, too, as a line of its
own (L1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.leaving_reasons import forget_reasons
from newsletter.audience.suppressions import find_suppression
from newsletter.domain.people import (
    READER,
    Basis,
    ConsentSource,
    Subscriber,
    SubscriptionStatus,
)
from newsletter.storage.schema import consents, imports, subscriptions
from newsletter.tokens.erasure_seals import ErasureSeals

TIME_TO_UNDO = timedelta(hours=24)
"""How long after it a departure can be taken back."""

_THEIR_OWN = frozenset({ConsentSource.ONE_CLICK, ConsentSource.UNSUBSCRIBE_PAGE})

# Made once: whoever leaves shall not wait for statements to be made.
_LINES: Select[Any] = (
    select(
        *consents.c["id", "topic_id", "status", "basis", "source", "actor", "at", "import_id"],
        imports.c.undone_at,
    )
    .outerjoin(imports, imports.c.id == consents.c.import_id)
    .where(consents.c.subscriber_id == bindparam("person"))
    .order_by(consents.c.id)
)
_RESUMES_AT = select(subscriptions.c.topic_id, subscriptions.c.resumes_at).where(
    subscriptions.c.subscriber_id == bindparam("person")
)


@dataclass(frozen=True, slots=True)
class _Departure:
    """That somebody left one topic: the line of it, and the line by which they got the topic."""

    before: Row[Any]
    own: Row[Any]

    @property
    def act(self) -> tuple[datetime, str]:
        """What all that was left with the same press of a button has in common."""
        return self.own.at, self.own.source


def can_undo(
    connection: Connection,
    person: Subscriber,
    topic_id: int | None,
    *,
    seals: ErasureSeals,
    at: datetime,
) -> bool:
    """Whether `undo` would give the person anything back."""
    departures = _departures(connection, person, topic_id, at)
    return bool(departures) and not _is_suppressed(connection, person, seals)


def undo(
    connection: Connection,
    person: Subscriber,
    topic_id: int | None,
    *,
    seals: ErasureSeals,
    at: datetime,
) -> int:
    """Takes back the act by which the person left the topic, or their last one when that is None;
    gives the number of topics that they get again.

    All that was left in the same act comes back exactly as it was: a pause goes on until it would
    have ended, and who had yet to confirm still has. Nothing does when somebody else has
    unsubscribed them, when anything was said of the topic since, when the address is suppressed by
    now, when `TIME_TO_UNDO` is over, or when the list that they had come with was taken back.
    """
    departures = _departures(connection, person, topic_id, at)
    if not departures or _is_suppressed(connection, person, seals):
        return 0
    pauses = _pauses(connection, person)
    for topic, departure in departures.items():
        _give_back(connection, person, topic, departure, pauses[topic], at)
    forget_reasons(connection, person.id, departures)
    return len(departures)


def _departures(
    connection: Connection, person: Subscriber, topic_id: int | None, at: datetime
) -> Mapping[int, _Departure]:
    lines = connection.execute(_LINES, {"person": person.id}).all()
    standing = {
        topic: departure
        for topic, departure in _last_departures(lines).items()
        if at - departure.own.at < TIME_TO_UNDO
    }
    meant = [one for topic, one in standing.items() if topic_id in (None, topic)]
    if not meant:
        return {}
    last = max(meant, key=lambda one: one.own.id)
    return {topic: one for topic, one in standing.items() if one.act == last.act}


def _last_departures(lines: Sequence[Row[Any]]) -> Mapping[int, _Departure]:
    """By topic, those that are the last to be known of it and took something away."""
    by_topic: dict[int, list[Row[Any]]] = {}
    for line in lines:
        by_topic.setdefault(line.topic_id, []).append(line)
    last = {topic: list(pairwise(own))[-1:] for topic, own in by_topic.items()}
    return {
        topic: _Departure(before, own)
        for topic, pair in last.items()
        for before, own in pair
        if _is_their_own(own) and _gave_something(before)
    }


def _is_their_own(line: Row[Any]) -> bool:
    return (
        line.status == SubscriptionStatus.UNSUBSCRIBED
        and line.import_id is None
        and line.actor == READER
        and line.source in _THEIR_OWN
    )


def _gave_something(line: Row[Any]) -> bool:
    return line.status not in (None, SubscriptionStatus.UNSUBSCRIBED) and line.undone_at is None


def _is_suppressed(connection: Connection, person: Subscriber, seals: ErasureSeals) -> bool:
    return find_suppression(connection, person.canonical, seals) is not None


def _pauses(connection: Connection, person: Subscriber) -> Mapping[int, datetime | None]:
    rows = connection.execute(_RESUMES_AT, {"person": person.id})
    return {row.topic_id: row.resumes_at for row in rows}


def _give_back(
    connection: Connection,
    person: Subscriber,
    topic_id: int,
    departure: _Departure,
    resumes_at: datetime | None,
    at: datetime,
) -> None:
    before = departure.before
    grounds = Grounds(Basis(before.basis), ConsentSource.LEAVING_UNDONE, None, READER, at)
    status = SubscriptionStatus(before.status)
    write_subscriptions(connection, [person.id], topic_id, status, grounds, resumes_at=resumes_at)
    # They have had it since then, and not since now.
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == person.id, subscriptions.c.topic_id == topic_id)
        .values(since=before.at)
    )
