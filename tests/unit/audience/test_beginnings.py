"""How somebody came onto the list, told from all that happened since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.audience.beginnings import beginning
from newsletter.domain.people import (
    IMPORT_PREFIX,
    READER,
    Basis,
    Consent,
    ConsentSource,
    SubscriptionStatus,
    Wording,
)

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
ACTIVE, PAUSED = SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED
PENDING, LEFT = SubscriptionStatus.PENDING, SubscriptionStatus.UNSUBSCRIBED
LIST = f"{IMPORT_PREFIX}list.csv"
WORDS = Wording("Our news, once a month.", "en", "3")
OTHER_WORDS = Wording("Our news, twice a month.", "en", "4")

Event = tuple[SubscriptionStatus | None, str] | tuple[SubscriptionStatus | None, str, Wording]


def ledger(*events: Event) -> list[Consent]:
    return [
        Consent(
            "bulletin",
            status,
            Basis.CONSENT,
            source,
            words[0] if words else None,
            READER,
            NOW + timedelta(days=day),
        )
        for day, (status, source, *words) in enumerate(events)
    ]


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ([(ACTIVE, LIST)], 0),
        ([(ACTIVE, LIST), (LEFT, "one-click unsubscribe"), (ACTIVE, "preferences page")], 2),
        ([(ACTIVE, LIST), (PAUSED, "preferences page"), (ACTIVE, "pause over")], 0),
        ([(ACTIVE, LIST), (PAUSED, "preferences page"), (ACTIVE, "preferences page")], 0),
        ([(PAUSED, LIST), (ACTIVE, "preferences page")], 0),
        ([(ACTIVE, LIST), (PAUSED, "preferences page"), (ACTIVE, "sign-up confirmed")], 2),
        ([(ACTIVE, LIST), (LEFT, "unsubscribe page"), (ACTIVE, "leaving undone")], 0),
        ([(ACTIVE, LIST), (LEFT, "unsubscribe page"), (PAUSED, "leaving undone")], 0),
        ([(ACTIVE, "form"), (LEFT, LIST), (ACTIVE, "undo-import 3")], 0),
        ([(ACTIVE, LIST), (None, "undo-import 3"), (ACTIVE, "subscribers add")], 2),
        ([(PENDING, "sign-up page"), (ACTIVE, "sign-up confirmed")], 1),
        ([(PENDING, "sign-up page")], 0),
        ([(LEFT, LIST), (ACTIVE, "sign-up confirmed")], 1),
        ([(ACTIVE, LIST), (LEFT, "one-click unsubscribe")], 0),
        ([(ACTIVE, "pause over")], 0),
    ],
)
def test_the_line_by_which_somebody_came_is_told_from_those_by_which_it_goes_on(
    events: list[Event], place: int
) -> None:
    lines = ledger(*events)

    found = beginning(lines)

    assert found is not None
    assert found.line == lines[place]


@pytest.mark.parametrize("events", [[], [(LEFT, LIST)], [(None, "undo-import 3")]])
def test_who_never_had_it_never_came(events: list[Event]) -> None:
    assert beginning(ledger(*events)) is None


@pytest.mark.parametrize(
    "confirmed", [(ACTIVE, "sign-up confirmed"), (ACTIVE, "sign-up confirmed", WORDS)]
)
def test_who_confirms_was_shown_the_words_when_they_signed_up(confirmed: Event) -> None:
    """L1: also where the confirming repeats them."""
    lines = ledger((PENDING, ConsentSource.SIGN_UP_PAGE, WORDS), confirmed)

    found = beginning(lines)

    assert found is not None
    assert (found.line, found.told) == (lines[1], lines[0])


def test_words_of_another_time_are_not_taken_for_those_of_this_one() -> None:
    came_back = ledger((ACTIVE, LIST, WORDS), (LEFT, "letter"), (ACTIVE, "preferences page"))
    told_anew = ledger((PENDING, "sign-up page", WORDS), (ACTIVE, "form", OTHER_WORDS))

    without_words, with_others = beginning(came_back), beginning(told_anew)

    assert without_words is not None
    assert without_words.told is None
    assert with_others is not None
    assert with_others.told == told_anew[1]
