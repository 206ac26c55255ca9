"""All that the list knows of one person, as `subscribers show` prints it (UK GDPR Art. 15)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from newsletter.audience.subscribers import consents_of, subscriber, subscriptions_of
from newsletter.audience.suppressions import find_suppression
from newsletter.domain.people import Consent, Subscription, Suppression


def profile_json(connection: Connection, address: str) -> dict[str, Any]:
    """The person with this address, with every subscription and consent; instants in ISO 8601.

    Raises BadInput when nobody on the list has the address.
    """
    person = subscriber(connection, address)
    suppression = find_suppression(connection, person.canonical)
    return {
        "email": person.address,
        "language": person.language,
        "name": person.name,
        "format": person.format,
        "attributes": dict(person.attributes),
        "subscriptions": [_subscription(one) for one in subscriptions_of(connection, person.id)],
        "suppression": None if suppression is None else _suppression(suppression),
        "consents": [_consent(one) for one in consents_of(connection, person.id)],
    }


def _subscription(one: Subscription) -> dict[str, str]:
    return {
        "topic": one.topic,
        "status": one.status,
        "basis": one.basis,
        "since": one.since.isoformat(),
    }


def _suppression(one: Suppression) -> dict[str, str]:
    return {"reason": one.reason, "evidence": one.evidence, "at": one.at.isoformat()}


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
