"""How late is too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.lateness import Punctuality, is_due
from newsletter.app.quiet_time import QuietTime
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.quiet_hours import QuietHours
from newsletter.domain.stored_editions import StoredEdition

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
NEVER_QUIET = QuietTime(None, ZoneInfo("Europe/London"))
PUNCTUALITY = Punctuality(timedelta(hours=6), timedelta(hours=72), NEVER_QUIET)
SECOND = timedelta(seconds=1)


def an_edition(state: EditionState, **changes: object) -> StoredEdition:
    edition = StoredEdition(
        id=1,
        public_id=1,
        slug="2026-11",
        topic="monthly-bulletin",
        state=state,
        held_reason=None,
        held_from=None,
        revision=1,
        source_file="edition.yaml",
        source_digest="",
        scheduled_at=None,
        scheduled_zone=None,
        released_at=None,
        attempted_at=None,
        published_at=None,
    )
    return replace(edition, **changes)  # type: ignore[arg-type]  # the facts are right by name


def is_late(edition: StoredEdition, now: datetime, *, has_pending: bool = True) -> bool:
    return PUNCTUALITY.is_late(edition, has_pending=has_pending, now=now)


def test_a_scheduled_edition_is_late_once_its_time_is_past_by_more_than_is_allowed() -> None:
    edition = an_edition(EditionState.SCHEDULED, scheduled_at=NINE)

    assert not is_late(edition, NINE + timedelta(hours=6))
    assert is_late(edition, NINE + timedelta(hours=6) + SECOND)


def test_nobody_has_to_wait_for_it_to_be_frozen() -> None:
    edition = an_edition(EditionState.SCHEDULED, scheduled_at=NINE)

    assert is_late(edition, NINE + timedelta(hours=7), has_pending=False)


def test_it_has_all_of_the_time_once_more_when_a_person_let_it_go_on() -> None:
    released = NINE + timedelta(days=3)
    edition = an_edition(EditionState.SCHEDULED, scheduled_at=NINE, released_at=released)

    assert not is_late(edition, released + timedelta(hours=6))
    assert is_late(edition, released + timedelta(hours=6) + SECOND)


def test_a_release_before_its_time_means_nothing() -> None:
    released = NINE - timedelta(days=3)
    edition = an_edition(EditionState.SCHEDULED, scheduled_at=NINE, released_at=released)

    assert not is_late(edition, NINE + timedelta(hours=6))


def test_an_edition_under_way_is_late_when_nothing_was_attempted_for_too_long() -> None:
    edition = an_edition(EditionState.SENDING, scheduled_at=NINE, attempted_at=NINE)

    assert not is_late(edition, NINE + timedelta(hours=6))
    assert is_late(edition, NINE + timedelta(hours=6) + SECOND)


def test_however_long_it_takes_it_is_not_late_while_it_goes_on() -> None:
    attempted = NINE + timedelta(days=2)
    edition = an_edition(EditionState.SENDING, scheduled_at=NINE, attempted_at=attempted)

    assert not is_late(edition, attempted + timedelta(hours=1))


def test_one_under_way_may_go_on_from_when_a_person_let_it() -> None:
    released = NINE + timedelta(days=3)
    edition = an_edition(EditionState.SENDING, attempted_at=NINE, released_at=released)

    assert not is_late(edition, released + timedelta(hours=6))
    assert is_late(edition, released + timedelta(hours=6) + SECOND)


def test_those_who_are_only_tried_again_may_wait_until_they_are_given_up() -> None:
    edition = an_edition(EditionState.SENDING, attempted_at=NINE)

    assert not is_late(edition, NINE + timedelta(hours=72), has_pending=False)
    assert is_late(edition, NINE + timedelta(hours=72) + SECOND, has_pending=False)


@pytest.mark.parametrize("attempted", [NINE, None])
def test_a_clock_that_was_set_back_makes_nothing_late(attempted: datetime | None) -> None:
    edition = an_edition(EditionState.SENDING, attempted_at=attempted)

    assert not is_late(edition, NINE - timedelta(days=365))


@pytest.mark.parametrize(
    "state", sorted(set(EditionState) - {EditionState.SCHEDULED, EditionState.SENDING})
)
def test_what_does_not_go_by_the_clock_is_never_late(state: EditionState) -> None:
    edition = an_edition(
        state,
        held_reason=HeldReason.LATE if state is EditionState.HELD else None,
        scheduled_at=NINE,
        attempted_at=NINE,
    )

    assert not is_late(edition, NINE + timedelta(days=365))


@given(
    st.sampled_from([EditionState.SCHEDULED, EditionState.SENDING]),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.booleans(),
)
def test_what_is_late_stays_late_until_somebody_lets_it_go_on(
    state: EditionState, first: timedelta, more: timedelta, has_pending: bool
) -> None:
    edition = an_edition(state, scheduled_at=NINE, attempted_at=NINE)
    released = replace(edition, released_at=NINE + first + more)

    if is_late(edition, NINE + first, has_pending=has_pending):
        assert is_late(edition, NINE + first + more, has_pending=has_pending)
    assert not is_late(released, NINE + first + more, has_pending=has_pending)


def test_what_is_scheduled_is_due_from_its_time_on_and_what_is_sent_always() -> None:
    scheduled = an_edition(EditionState.SCHEDULED, scheduled_at=NINE)

    assert not is_due(scheduled, NINE - SECOND)
    assert is_due(scheduled, NINE)
    assert is_due(an_edition(EditionState.SENDING), NINE - SECOND)
    assert not is_due(an_edition(EditionState.PAUSED, scheduled_at=NINE), NINE)


def test_time_in_quiet_hours_makes_nothing_late() -> None:
    """From ten in the evening to seven, in winter: eight hours and more are none."""
    night = QuietTime(QuietHours(time(22), time(7)), ZoneInfo("Europe/London"))
    punctuality = Punctuality(timedelta(hours=6), timedelta(hours=72), night)
    evening = datetime(2026, 11, 2, 21, tzinfo=UTC)
    edition = an_edition(EditionState.SCHEDULED, scheduled_at=evening)

    noon = evening + timedelta(hours=9 + 6)
    assert not punctuality.is_late(edition, has_pending=True, now=noon)
    assert punctuality.is_late(edition, has_pending=True, now=noon + SECOND)
