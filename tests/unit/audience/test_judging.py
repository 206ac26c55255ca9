"""What comes of somebody whom a list or a member of staff wants on the list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsletter.audience.arrivals import Arrival, Facts, Suppressing, Wish
from newsletter.audience.judging import Card, Decision, Joined, Known, Reason, judge
from newsletter.domain.people import (
    Basis,
    MailFormat,
    SubscriptionStatus,
    Suppression,
    SuppressionReason,
)

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
BULLETIN, ALERTS = 1, 2
CARD = Card("Gwen", "cy", MailFormat.HTML, {"county": "Powys"})

ACTIVE = SubscriptionStatus.ACTIVE
PENDING = SubscriptionStatus.PENDING
PAUSED = SubscriptionStatus.PAUSED
LEFT = SubscriptionStatus.UNSUBSCRIBED


def wish(status: SubscriptionStatus = ACTIVE, topic: int = BULLETIN) -> Wish:
    return Wish(topic, status, Basis.CONSENT, AT, "a list")


BOUNCED = Suppressing(SuppressionReason.IMPORTED, "cleaned", AT)
STANDINGS = {
    "subscribed": ((wish(),), None, False),
    "paused": ((wish(PAUSED),), None, False),
    "unsubscribed": ((wish(LEFT),), None, True),
    "bounced": ((wish(),), BOUNCED, True),
    "complained": ((wish(LEFT),), BOUNCED, True),
}


def arrival(standing: str = "subscribed", **facts: object) -> Arrival:
    wishes, suppressing, is_final = STANDINGS[standing]
    return Arrival(
        "gwen@example.org",
        "gwen@example.org",
        Facts(**facts),  # type: ignore[arg-type]
        wishes,
        suppressing,
        is_final,
    )


def known(status: SubscriptionStatus | None, card: Card = CARD) -> Known:
    return Known(7, card, {} if status is None else {BULLETIN: status})


def suppressed(reason: SuppressionReason = SuppressionReason.COMPLAINT) -> Suppression:
    return Suppression("gwen@example.org", reason, "", AT)


def decide(
    wanted: Arrival, before: Known | None = None, suppression: Suppression | None = None
) -> Decision:
    return judge(wanted, before, suppression, "en")


def outcome(decision: Decision) -> str:
    """What was decided and which statuses and suppression that gives."""
    words = [decision.joined.value, *(one.status.value for one in decision.wishes)]
    return " ".join([*words, *(["+suppressed"] if decision.suppressing else [])])


ON_NOBODY, ON_NONE = "nobody", "no subscription"
TABLE = {
    # standing in the list: what comes of it for each state in which the person may be here
    "subscribed": {
        ON_NOBODY: "added active",
        ON_NONE: "added active",
        "active": "unchanged",
        "pending": "unchanged",
        "paused": "unchanged",
        "unsubscribed": "has left",
        "suppressed": "suppressed",
    },
    "paused": {
        ON_NOBODY: "added paused",
        ON_NONE: "added paused",
        "active": "unchanged",
        "pending": "unchanged",
        "paused": "unchanged",
        "unsubscribed": "has left",
        "suppressed": "suppressed",
    },
    "unsubscribed": {
        ON_NOBODY: "added unsubscribed",
        ON_NONE: "added unsubscribed",
        "active": "updated unsubscribed",
        "pending": "updated unsubscribed",
        "paused": "updated unsubscribed",
        "unsubscribed": "unchanged",
        "suppressed": "updated unsubscribed",
    },
    "bounced": {
        ON_NOBODY: "added active +suppressed",
        ON_NONE: "added active +suppressed",
        "active": "updated +suppressed",
        "pending": "updated +suppressed",
        "paused": "updated +suppressed",
        "unsubscribed": "updated +suppressed",
        "suppressed": "unchanged",
    },
    "complained": {
        ON_NOBODY: "added unsubscribed +suppressed",
        ON_NONE: "added unsubscribed +suppressed",
        "active": "updated unsubscribed +suppressed",
        "pending": "updated unsubscribed +suppressed",
        "paused": "updated unsubscribed +suppressed",
        "unsubscribed": "updated +suppressed",
        "suppressed": "updated unsubscribed",
    },
}


@pytest.mark.parametrize("standing", TABLE)
@pytest.mark.parametrize("state", TABLE["subscribed"])
def test_nobody_who_left_is_revived_and_every_list_that_says_so_is_believed(
    standing: str, state: str
) -> None:
    """B6, L4"""
    states = {
        ON_NOBODY: (None, None),
        ON_NONE: (known(None), None),
        "suppressed": (known(ACTIVE), suppressed()),
    }
    before, suppression = states.get(state) or (known(SubscriptionStatus(state)), None)

    decision = decide(arrival(standing), before, suppression)

    assert outcome(decision) == TABLE[standing][state]


@pytest.mark.parametrize("standing", TABLE)
@pytest.mark.parametrize("before", [None, known(None), known(ACTIVE), known(LEFT)])
def test_whoever_was_erased_is_not_even_recorded(standing: str, before: Known | None) -> None:
    """L4"""
    decision = decide(arrival(standing, name="Gwen"), before, suppressed(SuppressionReason.ERASED))

    assert decision == Decision(Joined.SUPPRESSED, (Reason("suppressed: erased"),))


def test_somebody_new_reads_the_language_of_the_site_unless_the_list_says_another() -> None:
    silent = decide(arrival()).card
    told = decide(arrival(name="Gwen", language="cy", format=MailFormat.TEXT)).card

    assert silent == Card("", "en", MailFormat.HTML, {})
    assert told == Card("Gwen", "cy", MailFormat.TEXT, {})


def test_a_list_changes_what_it_speaks_of_and_nothing_else() -> None:
    decision = decide(arrival(attributes={"age": 40}), known(ACTIVE))

    assert decision.joined is Joined.UPDATED
    assert decision.card == CARD._replace(attributes={"county": "Powys", "age": 40})
    assert [str(reason.label) for reason in decision.reasons] == ["age"]


def test_a_list_of_subscribed_people_blanks_nothing() -> None:
    assert decide(arrival(name="", language=None), known(ACTIVE)).joined is Joined.UNCHANGED


def test_a_list_of_people_who_are_gone_blanks_what_is_blank_there() -> None:
    """So that it does not matter which of the two lists comes first."""
    gone = arrival("unsubscribed", name="", attributes={"county": None})

    assert decide(gone, known(ACTIVE)).card == CARD._replace(name="", attributes={})


def test_whoever_has_left_keeps_the_card_that_they_left_with() -> None:
    decision = decide(arrival("bounced", name="Gwenllian"), known(LEFT))

    assert decision.card is None
    assert decision.suppressing == BOUNCED


def test_whoever_is_only_called_suppressed_gets_no_row() -> None:
    only_suppressed = arrival("bounced")._replace(wishes=())

    decision = decide(only_suppressed)

    assert (decision.card, decision.wishes, decision.suppressing) == (None, (), BOUNCED)


def test_leaving_one_topic_is_not_leaving_another() -> None:
    both = arrival()._replace(wishes=(wish(), wish(topic=ALERTS)))

    decision = decide(both, known(LEFT))

    assert decision.joined is Joined.UPDATED
    assert decision.wishes == (wish(topic=ALERTS),)


def test_a_suppression_that_is_there_stays_as_it_is() -> None:
    decision = decide(arrival("bounced"), known(ACTIVE), suppressed(SuppressionReason.REQUEST))

    assert decision.suppressing is None


def test_somebody_who_comes_with_a_ledger_is_kept_though_suppressed() -> None:
    """A record is no mail: of a whole audience nobody is left behind."""
    from_ours = arrival()._replace(history=())

    assert outcome(decide(from_ours, None, suppressed())) == "added active"


def test_what_changes_is_told_with_what_was_before() -> None:
    decision = decide(arrival(name="Gwenllian", attributes={"county": None}), known(PENDING))

    assert decision.reasons == (
        Reason("county", '"Powys" → nothing'),
        Reason("name", '"Gwen" → "Gwenllian"'),
    )
