"""Reading the time at which an edition is to go out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsletter.domain.errors import BadInput, Refused
from newsletter.editions.times import read_time, said

LONDON = "Europe/London"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_local_time_is_meant_in_the_sites_time_zone() -> None:
    assert read_time("2026-07-01T09:00", LONDON, NOW) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert read_time("2026-12-01T09:00", LONDON, NOW) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_an_offset_stands_over_the_sites_time_zone() -> None:
    assert read_time("2026-07-01T09:00+05:00", LONDON, NOW) == datetime(2026, 7, 1, 4, tzinfo=UTC)


def test_now_is_now() -> None:
    assert read_time("now", LONDON, NOW) == NOW


def test_an_hour_that_the_clocks_skip_is_refused_with_the_choices() -> None:
    with pytest.raises(Refused) as refusal:
        read_time("2026-03-29T01:30", LONDON, NOW)

    assert "does not exist" in str(refusal.value)
    assert "2026-03-29T00:30:00 or 2026-03-29T02:30:00" in str(refusal.value)


def test_an_hour_that_comes_twice_is_refused_with_the_choices() -> None:
    with pytest.raises(Refused) as refusal:
        read_time("2026-10-25T01:30", LONDON, NOW)

    assert "comes twice" in str(refusal.value)
    assert "2026-10-25T01:30:00+01:00 or 2026-10-25T01:30:00+00:00" in str(refusal.value)


def test_a_time_that_has_passed_is_refused() -> None:
    with pytest.raises(Refused, match="has passed"):
        read_time("2025-12-31T23:59", LONDON, NOW)


@pytest.mark.parametrize("text", ["tomorrow", "9 o'clock", "2026-13-01", ""])
def test_what_is_no_time_is_bad_input_that_shows_the_form(text: str) -> None:
    with pytest.raises(BadInput, match="2026-10-05T09:00"):
        read_time(text, LONDON, NOW)


def test_a_time_is_said_as_people_of_the_place_say_it() -> None:
    assert (
        said(datetime(2026, 10, 5, 8, tzinfo=UTC), LONDON) == "Monday 5 October 2026, 09:00 (BST)"
    )
