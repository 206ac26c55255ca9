"""What goes into a column comes out of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime
from sqlalchemy.dialects import sqlite

from newsletter.storage.column_types import Unsigned64, UtcDateTime

DIALECT = sqlite.dialect()


@given(st.integers(0, 2**64 - 1))
def test_sixty_four_bits_fit_a_signed_column_and_come_back(bits: int) -> None:
    stored = Unsigned64().process_bind_param(bits, DIALECT)

    assert stored is not None
    assert -(2**63) <= stored < 2**63
    assert Unsigned64().process_result_value(stored, DIALECT) == bits


def test_an_instant_is_stored_in_utc_and_comes_back_in_utc() -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))

    stored = UtcDateTime().process_bind_param(summer, DIALECT)

    assert stored == datetime(2026, 7, 1, 8, 30)  # noqa: DTZ001 - naive on purpose: the stored form
    assert UtcDateTime().process_result_value(stored, DIALECT) == summer.astimezone(UTC)


def test_a_time_without_a_zone_is_not_stored() -> None:
    with pytest.raises(TypeError, match="needs a time zone"):
        UtcDateTime().process_bind_param(
            datetime(2026, 7, 1, 9, 30),  # noqa: DTZ001 - what the test is about
            DIALECT,
        )


@pytest.mark.parametrize("column_type", [UtcDateTime(), Unsigned64()])
def test_nothing_stays_nothing(column_type: UtcDateTime | Unsigned64) -> None:
    assert column_type.process_bind_param(None, DIALECT) is None
    assert column_type.process_result_value(None, DIALECT) is None


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_is_the_text_that_sqlalchemy_would_make_of_it(instant: datetime) -> None:
    own = UtcDateTime().bind_processor(DIALECT)
    theirs = DateTime().dialect_impl(DIALECT).bind_processor(DIALECT)
    try:
        naive = instant.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return

    assert own is not None
    assert theirs is not None
    assert own(instant) == theirs(naive)
    assert own(None) is None
