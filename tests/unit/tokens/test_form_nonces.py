"""Nonces tell when they were given out, are each another one, and cannot be made up."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.tokens.form_nonces import FormNonces
from newsletter.tokens.key_ring import KeyRing

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
OLD = FormNonces(KeyRing(active=0, keys={0: b"o" * 32}))
ROTATED = FormNonces(KeyRing(active=7, keys={0: b"o" * 32, 7: b"n" * 32}))
FOREIGN = FormNonces(KeyRing(active=0, keys={0: b"f" * 32}))
NONCE = OLD.new(NOW)
BASE64URL = string.ascii_letters + string.digits + "-_"


@given(st.floats(0, 2**32 - 1).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_a_nonce_tells_the_second_at_which_it_was_given_out(at: datetime) -> None:
    nonce = OLD.new(at)

    read = OLD.read(nonce)

    assert re.fullmatch(r"[A-Za-z0-9_-]{50}", nonce)
    assert read is not None
    assert read.given_at == at.replace(microsecond=0)


def test_no_two_are_the_same() -> None:
    nonces = [OLD.new(NOW) for _ in range(100)]

    assert len({read.id for one in nonces if (read := OLD.read(one))}) == 100


def test_one_from_before_a_new_key_took_over_is_still_good() -> None:
    assert ROTATED.read(NONCE) == OLD.read(NONCE)
    assert OLD.read(ROTATED.new(NOW)) is None


def test_one_of_another_house_is_none() -> None:
    assert FOREIGN.read(NONCE) is None


@given(st.integers(0, 49), st.sampled_from(BASE64URL))
def test_one_with_any_other_letter_is_none(place: int, letter: str) -> None:
    changed = NONCE[:place] + letter + NONCE[place + 1 :]

    assert (OLD.read(changed) is not None) == (changed == NONCE)


def test_it_has_one_spelling() -> None:
    spellings = [NONCE[:-1] + letter for letter in BASE64URL]

    assert [one for one in spellings if OLD.read(one)] == [NONCE]


@given(st.text(max_size=60) | st.text(BASE64URL, min_size=50, max_size=50))
def test_anything_else_is_none(text: str) -> None:
    assert OLD.read(text) is None


def test_a_nonce_that_was_cut_short_is_none() -> None:
    assert [OLD.read(NONCE[:length]) for length in range(50)] == [None] * 50


def test_its_time_cannot_be_put_forward() -> None:
    """Who has waited long enough once has not waited for the next one."""
    later = OLD.new(NOW + timedelta(hours=1))

    assert OLD.read(later[:9] + NONCE[9:]) is None
