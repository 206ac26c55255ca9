"""All that the list knows of one person, as `subscribers show` tells it (UK GDPR Art. 15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from newsletter.audience.requests.asked_for import AskedFor, asked_for
from newsletter.audience.subscribers import consents_of, find, nobody_has, subscriptions_of
from newsletter.audience.suppressed_targets import Target
from newsletter.audience.suppressions import find_suppression
from newsletter.audience.topics import all_topics
from newsletter.domain.people import (
    Consent,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Suppression,
)
from newsletter.domain.requests import LeavingReason
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import leaving_reasons, subscribers, topics
from newsletter.tokens.erasure_seals import ErasureSeals


@dataclass(frozen=True, slots=True)
class Departure:
    """Why somebody said that they had left a topic."""

    topic: str
    reason: LeavingReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of whoever has an address; `typed` is the address as it was asked for.

    `person` and `came` (when they came onto the list) are None for somebody of whom nothing is kept
    but a suppression or what was asked for with the address; `consents` and `asked_for` are in the
    order in which they happened; `names` are those of every topic by its slug, each by language.
    """

    typed: str
    person: Subscriber | None
    came: datetime | None
    subscriptions: tuple[Subscription, ...]
    suppression: Suppression | None
    consents: tuple[Consent, ...]
    departures: tuple[Departure, ...]
    asked_for: tuple[AskedFor, ...]
    names: Mapping[str, Mapping[str, str]]

    @property
    def address(self) -> str:
        """The address as the person wrote it, else as it was asked for."""
        return self.person.address if self.person else self.typed


def profile(
    connection: Connection, address: str, seals: ErasureSeals, *, is_known: bool = False
) -> Profile:
    """The person with this address, on the list or only kept off it.

    Raises BadInput when nothing here knows the address, unless the caller says that it `is_known`
    elsewhere.
    """
    parsed = parse_address(address)
    person = find(connection, address)
    suppression = find_suppression(connection, parsed.canonical, seals)
    requests = asked_for(connection, parsed.canonical)
    if not (person or suppression or requests or is_known):
        raise nobody_has(address)
    return Profile(
        typed=parsed.typed,
        person=person,
        came=_came(connection, person) if person else None,
        subscriptions=tuple(subscriptions_of(connection, person.id)) if person else (),
        suppression=suppression,
        consents=tuple(consents_of(connection, person.id)) if person else (),
        departures=_departures(connection, person) if person else (),
        asked_for=requests,
        names={one.slug: one.names for one in all_topics(connection)},
    )


def profile_json(known: Profile) -> dict[str, Any]:
    """The profile for scripts; instants in ISO 8601. Of somebody who is not on the list there are
    the address, the suppression and what was asked for only, and all the rest is empty."""
    person = known.person
    return {
        "email": known.address,
        "language": person.language if person else None,
        "name": person.name if person else "",
        "format": person.format if person else None,
        "attributes": dict(person.attributes) if person else {},
        "since": known.came.isoformat() if known.came else None,
        "subscriptions": [_subscription(one) for one in known.subscriptions],
        "suppression": _suppression(known.suppression) if known.suppression else None,
        "consents": [_consent(one) for one in known.consents],
        "leaving_reasons": [_departure(one) for one in known.departures],
        "requests": [_request(one) for one in known.asked_for],
    }


def _came(connection: Connection, person: Subscriber) -> datetime:
    query = select(subscribers.c.created_at).where(subscribers.c.id == person.id)
    came: datetime = connection.execute(query).scalar_one()
    return came


def _departures(connection: Connection, person: Subscriber) -> tuple[Departure, ...]:
    query = (
        select(topics.c.slug, leaving_reasons.c.reason, leaving_reasons.c.at)
        .join(topics, topics.c.id == leaving_reasons.c.topic_id)
        .where(leaving_reasons.c.subscriber_id == person.id)
        .order_by(topics.c.slug)
    )
    rows = connection.execute(query)
    return tuple(Departure(row.slug, LeavingReason(row.reason), row.at) for row in rows)


def _subscription(one: Subscription) -> dict[str, str | None]:
    is_pausing = one.status is SubscriptionStatus.PAUSED
    return {
        "topic": one.topic,
        "status": one.status,
        "basis": one.basis,
        "since": one.since.isoformat(),
        "resumes_at": _iso(one.resumes_at) if is_pausing else None,
    }


def _departure(one: Departure) -> dict[str, str]:
    return {"topic": one.topic, "reason": one.reason, "at": one.at.isoformat()}


def _request(one: AskedFor) -> dict[str, str | None]:
    return {
        "kind": one.kind,
        "outcome": one.outcome,
        "at": one.at.isoformat(),
        "confirmed_at": _iso(one.confirmed_at),
    }


def _suppression(one: Suppression) -> dict[str, str | None]:
    target = Target(one.target)
    return {
        "reason": one.reason,
        "evidence": one.evidence,
        "at": one.at.isoformat(),
        "domain": target.text if target.is_domain else None,
    }


def _consent(one: Consent) -> dict[str, Any]:
    return {
        "topic": one.topic,
        "status": one.status,
        "basis": one.basis,
        "source": one.source,
        "wording": one.wording.text if one.wording else "",
        "wording_language": one.wording.language if one.wording else "",
        "wording_version": one.wording.version if one.wording else "",
        "actor": one.actor,
        "ip": one.ip,
        "at": one.at.isoformat(),
        "import_id": one.import_id,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
