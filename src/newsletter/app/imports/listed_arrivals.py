"""A person of a list as text, to wait in, and as an arrival, to go in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from newsletter.app.list_files.listed_people import ListedPerson
from newsletter.audience.arrivals import Arrival, Facts, Suppressing, Wish
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import (
    Basis,
    MailFormat,
    SubscriptionStatus,
    SuppressionReason,
    Wording,
)

_STATUSES = {
    Standing.SUBSCRIBED: SubscriptionStatus.ACTIVE,
    Standing.PENDING: SubscriptionStatus.PENDING,
    Standing.PAUSED: SubscriptionStatus.PAUSED,
    Standing.UNSUBSCRIBED: SubscriptionStatus.UNSUBSCRIBED,
    # Who cannot be reached has not left: they are mailed again when the suppression is lifted.
    Standing.SUPPRESSED: SubscriptionStatus.ACTIVE,
}
_RANKS = {Standing.SUPPRESSED: 1, Standing.UNSUBSCRIBED: 2}


def rank(person: ListedPerson) -> int:
    """Which of two rows of a person counts: who left stays away, then whoever is suppressed."""
    return _RANKS.get(person.standing, 0)


def to_text(person: ListedPerson) -> str:
    """What the list says of the person, but for the line."""
    since = person.since
    return json.dumps(
        (
            person.address.typed,
            person.address.canonical,
            person.standing,
            person.evidence,
            person.suppression,
            None if since is None else since.isoformat(),
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
        (
            typed,
            canonical,
            standing,
            evidence,
            suppression,
            since,
            name,
            language,
            format_,
            attributes,
            basis,
            source,
            wording,
            ip,
        ) = json.loads(text)
        at = self.at if since is None else datetime.fromisoformat(since)
        wish = Wish(
            topic_id=self.topic_id,
            status=_STATUSES[standing],
            basis=self.basis if basis is None else Basis(basis),
            since=at,
            source=source or self.source,
            wording=self.wording if wording is None else Wording(wording),
            ip=ip,
        )
        return Arrival(
            address=typed,
            canonical=canonical,
            facts=Facts(name, language, format_ and MailFormat(format_), attributes),
            wishes=(wish,),
            suppressing=suppression and Suppressing(SuppressionReason(suppression), evidence, at),
            is_final=standing in (Standing.UNSUBSCRIBED, Standing.SUPPRESSED),
        )
