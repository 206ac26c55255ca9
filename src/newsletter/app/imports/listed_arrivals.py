"""A person of a list as text, to wait in, and as an arrival, to go in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from newsletter.app.list_files.listed_people import ListedPerson
from newsletter.audience.arrivals import Arrival, Facts, Suppressing, Wish
from newsletter.domain.attributes import AttributeValue
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import (
    Basis,
    MailFormat,
    SubscriptionStatus,
    SuppressionReason,
    Wording,
)

_STATUSES: dict[str, SubscriptionStatus] = {
    Standing.SUBSCRIBED: SubscriptionStatus.ACTIVE,
    Standing.PENDING: SubscriptionStatus.PENDING,
    Standing.PAUSED: SubscriptionStatus.PAUSED,
    Standing.UNSUBSCRIBED: SubscriptionStatus.UNSUBSCRIBED,
}
_GONE = (Standing.UNSUBSCRIBED, Standing.SUPPRESSED)


def rank(person: ListedPerson) -> int:
    """Which of two rows of a person counts: who left stays away, then whoever is suppressed."""
    if Standing.UNSUBSCRIBED in (person.standing, person.beside):
        return 2
    return int(person.standing is Standing.SUPPRESSED)


def to_text(person: ListedPerson) -> str:
    """What the list says of the person, but for the line."""
    return json.dumps(
        (
            person.address.typed,
            person.address.canonical,
            person.standing,
            person.evidence,
            person.suppression,
            person.beside,
            _iso(person.since),
            _iso(person.joined),
            person.name,
            person.language,
            person.format,
            dict(person.attributes),
            person.basis,
            person.source,
            person.wording,
            person.ip,
        ),
        ensure_ascii=False,
    )


@dataclass(frozen=True, slots=True)
class ListTerms:
    """What is so of everybody in a list unless their row says otherwise."""

    topic_id: int
    basis: Basis
    source: str
    wording: Wording | None
    at: datetime

    def arrival(self, text: str) -> Arrival:
        """The arrival of somebody of whom `to_text` gave the text."""
        told = _Told._make(json.loads(text))
        at = self.at if told.since is None else datetime.fromisoformat(told.since)
        return Arrival(
            address=told.typed,
            canonical=told.canonical,
            facts=Facts(
                told.name,
                told.language,
                MailFormat(told.format) if told.format else None,
                told.attributes,
            ),
            wishes=self._wishes(told, at),
            suppressing=Suppressing(SuppressionReason(told.suppression), told.evidence, at)
            if told.suppression
            else None,
            is_final=told.standing in _GONE,
        )

    def _wishes(self, told: _Told, at: datetime) -> tuple[Wish, ...]:
        standing = told.standing if told.suppression is None else told.beside
        if standing is None:
            return ()
        # Who cannot be reached and has not left subscribed before that was found out.
        had_joined = told.joined if standing != Standing.UNSUBSCRIBED else None
        return (
            Wish(
                topic_id=self.topic_id,
                status=_STATUSES[standing],
                basis=Basis(told.basis) if told.basis else self.basis,
                since=datetime.fromisoformat(had_joined) if had_joined else at,
                source=told.source or self.source,
                wording=Wording(told.wording) if told.wording else self.wording,
                ip=told.ip,
            ),
        )


class _Told(NamedTuple):
    """What `to_text` wrote, in its order; instants as text."""

    typed: str
    canonical: str
    standing: str
    evidence: str
    suppression: str | None
    beside: str | None
    since: str | None
    joined: str | None
    name: str | None
    language: str | None
    format: str | None
    attributes: dict[str, AttributeValue | None]
    basis: str | None
    source: str | None
    wording: str | None
    ip: str | None


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
