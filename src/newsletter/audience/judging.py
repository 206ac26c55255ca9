"""What comes of an arrival: the rule that nobody is revived, in one place.

Whoever brings people onto the list, one by one or a million at a time, goes by `judge`. It is pure:
what is known comes in, what is to be written comes out.

- Who has left a topic stays away, whose address is suppressed is not added (B6), whoever was erased
  is not even recorded (L4).
- A list that says of somebody that they left, or that mail to them bounced, is believed, also
  against what is known here: leaving wins over a suppression, and both win over subscribing,
  in whatever order the lists come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from newsletter.audience.arrivals import Arrival, Facts, Suppressing, Wish
from newsletter.domain.attributes import AttributeValue
from newsletter.domain.people import (
    MailFormat,
    SubscriptionStatus,
    Suppression,
    SuppressionReason,
)


class Joined(StrEnum):
    """What came of adding somebody; the last two change nothing."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    HAS_LEFT = "has left"
    SUPPRESSED = "suppressed"


class Card(NamedTuple):
    """What is known of a person, beside subscriptions."""

    name: str
    language: str
    format: MailFormat
    attributes: Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True)
class Known:
    """A person who has a row: the card, and the status of each topic by its id."""

    id: int
    card: Card
    statuses: Mapping[int, SubscriptionStatus]


class Reason(NamedTuple):
    """What changes, or what stands in the way: a word or two to count by, and the particulars."""

    label: str
    detail: str = ""


class Decision(NamedTuple):
    """What is to be written for an arrival, and why.

    `card` is None when nothing of it changes, `wishes` are the subscriptions that change,
    `suppressing` is the suppression that is new.
    """

    joined: Joined
    reasons: tuple[Reason, ...] = ()
    card: Card | None = None
    wishes: tuple[Wish, ...] = ()
    suppressing: Suppressing | None = None


def judge(
    arrival: Arrival, known: Known | None, suppression: Suppression | None, default_language: str
) -> Decision:
    """What comes of the arrival of somebody who is `known`, or not, and suppressed, or not."""
    if _is_stopped(arrival, suppression):
        reason = suppression.reason if suppression else ""
        return Decision(Joined.SUPPRESSED, (Reason(f"suppressed: {reason}"),))
    wishes = tuple(wish for wish in arrival.wishes if _changes(wish, known))
    suppressing = _new_suppression(arrival.suppressing, suppression)
    if known is None or (wishes and not known.statuses):  # known of old, and not on the list
        # Whom a list only calls suppressed needs no row for that.
        is_person = wishes or arrival.history is not None
        card = _new_card(arrival.facts, default_language) if is_person else None
        return Decision(Joined.ADDED, _how_added(arrival), card, wishes, suppressing)
    blocked = _has_left(arrival, known)
    if blocked and not wishes and suppressing is None:
        return Decision(Joined.HAS_LEFT, (Reason("has left"),))
    card = known.card if blocked else _changed_card(known.card, arrival)
    reasons = _reasons(known, card, wishes, suppressing)
    if not reasons:
        return Decision(Joined.UNCHANGED)
    changed = None if card == known.card else card
    return Decision(Joined.UPDATED, reasons, changed, wishes, suppressing)


def _is_stopped(arrival: Arrival, suppression: Suppression | None) -> bool:
    if suppression is None:
        return False
    if suppression.reason is SuppressionReason.ERASED:
        return True
    # Somebody who comes with a ledger, or is gone, gets no mail for it, and the record is kept.
    return not arrival.is_final and arrival.history is None


def _new_suppression(said: Suppressing | None, standing: Suppression | None) -> Suppressing | None:
    """What is said, unless as much is known already: that somebody complained or asked outlasts
    what a list only says bounced (B6)."""
    if said is None or standing is None:
        return said
    only_listed = SuppressionReason.IMPORTED
    is_more = standing.reason is only_listed and said.reason is not only_listed
    return said if is_more else None


def _changes(wish: Wish, known: Known | None) -> bool:
    status = known.statuses.get(wish.topic_id) if known else None
    if wish.status is SubscriptionStatus.UNSUBSCRIBED:
        return status is not SubscriptionStatus.UNSUBSCRIBED
    # What waits for the person, pauses or was left is for the person to wake.
    return status is None


def _has_left(arrival: Arrival, known: Known | None) -> bool:
    """Whether the person has left all that the arrival wants them to have."""
    if known is None:
        return False
    wanted = [
        wish.topic_id
        for wish in arrival.wishes
        if wish.status is not SubscriptionStatus.UNSUBSCRIBED
    ]
    left = SubscriptionStatus.UNSUBSCRIBED
    return bool(wanted) and all(known.statuses.get(topic) is left for topic in wanted)


def _how_added(arrival: Arrival) -> tuple[Reason, ...]:
    if arrival.suppressing is not None:
        return (Reason("recorded as suppressed"),)
    statuses = {wish.status for wish in arrival.wishes}
    if statuses == {SubscriptionStatus.UNSUBSCRIBED}:
        return (Reason("recorded as having left"),)
    return ()


def _new_card(facts: Facts, default_language: str) -> Card:
    return Card(
        name=facts.name or "",
        language=facts.language or default_language,
        format=facts.format or MailFormat.HTML,
        attributes={name: value for name, value in facts.attributes.items() if value is not None},
    )


def _changed_card(card: Card, arrival: Arrival) -> Card:
    facts = arrival.facts
    name = facts.name if facts.name is not None and (facts.name or arrival.is_final) else card.name
    return Card(
        name=name,
        language=facts.language or card.language,
        format=facts.format or card.format,
        attributes=_patched(card.attributes, facts.attributes),
    )


def _patched(
    known: Mapping[str, AttributeValue], said: Mapping[str, AttributeValue | None]
) -> Mapping[str, AttributeValue]:
    if not said:
        return known
    return {name: value for name, value in {**known, **said}.items() if value is not None}


def _reasons(
    known: Known, card: Card, wishes: tuple[Wish, ...], suppressing: Suppressing | None
) -> tuple[Reason, ...]:
    before, after = _told(known.card), _told(card)
    names = sorted({*before, *after}) if before != after else []
    changed = [
        Reason(name, f"{_shown(before.get(name))} → {_shown(after.get(name))}")
        for name in names
        if before.get(name) != after.get(name)
    ]
    left = SubscriptionStatus.UNSUBSCRIBED
    labels = sorted({"leaves" if wish.status is left else "subscribes" for wish in wishes})
    labels += ["suppressed now"] if suppressing else []
    return (*changed, *map(Reason, labels))


def _told(card: Card) -> dict[str, AttributeValue]:
    own = {"name": card.name, "language": card.language, "format": card.format.value}
    return {**card.attributes, **own}


def _shown(value: AttributeValue | None) -> str:
    if value is None:
        return "nothing"
    return ", ".join(value) if isinstance(value, list) else f'"{value}"'
