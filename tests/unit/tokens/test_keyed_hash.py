"""A keyed hash is the standard library's HMAC-SHA-256, message after message."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.tokens.keyed_hash import KeyedHash


@given(st.binary(max_size=64), st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_it_is_hmac_sha_256(key: bytes, messages: list[bytes]) -> None:
    keyed = KeyedHash(key)

    digests = [keyed.digest(message) for message in messages]

    assert digests == [hmac.digest(key, message, "sha256") for message in messages]


def test_a_key_that_would_have_to_be_hashed_first_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        KeyedHash(b"k" * 65)
