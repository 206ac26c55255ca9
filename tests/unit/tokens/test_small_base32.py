"""Base32 in small letters is the standard library's, folded."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from newsletter.tokens.small_base32 import small_base32


@given(st.binary(max_size=64))
def test_it_is_base32_without_capitals_and_padding(octets: bytes) -> None:
    assert small_base32(octets) == base64.b32encode(octets).decode().lower().rstrip("=")
