"""Links to the preferences that were made void, and links to leave, which never are (T3, T4)."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter.tokens.key_ring import KeyRing
from newsletter.tokens.tokens import Purpose, TokenClaims, Tokens

BEFORE = Tokens(KeyRing(active=0, keys={0: b"o" * 32}))
ROTATED = Tokens(KeyRing(active=1, keys={0: b"o" * 32, 1: b"n" * 32}))
HANDLES = st.integers(0, 2**64 - 1)
IDS = st.integers(0, 2**32 - 1)
EPOCHS = st.integers(0, 2**31 - 1)


@given(HANDLES, IDS, IDS, EPOCHS)
def test_a_token_of_an_epoch_opens_what_it_was_made_for_in_that_epoch(
    handle: int, topic: int, edition: int, epoch: int
) -> None:
    token = BEFORE.token(
        Purpose.PREFERENCES, handle=handle, topic=topic, edition=edition, epoch=epoch
    )

    assert re.fullmatch(r"[A-Za-z0-9_-]{47}", token)
    for tokens in (BEFORE, ROTATED):
        claims = tokens.read(Purpose.PREFERENCES, token, epoch=epoch)
        assert claims == TokenClaims(handle, topic, edition)
        assert tokens.claimed_handle(Purpose.PREFERENCES, token) == handle


@given(HANDLES, EPOCHS, EPOCHS)
def test_a_token_of_another_epoch_opens_nothing(handle: int, epoch: int, now: int) -> None:
    assume(epoch != now)

    token = BEFORE.token(Purpose.PREFERENCES, handle=handle, epoch=epoch)

    assert BEFORE.read(Purpose.PREFERENCES, token, epoch=now) is None
    assert ROTATED.read(Purpose.PREFERENCES, token, epoch=now) is None


@given(HANDLES, EPOCHS, EPOCHS)
def test_of_which_epoch_a_token_is_cannot_be_seen_in_it(
    handle: int, epoch: int, other: int
) -> None:
    """Its bytes before the signature are the same."""
    first, second = (
        BEFORE.token(Purpose.PREFERENCES, handle=handle, epoch=one) for one in (epoch, other)
    )

    # 19 bytes are 25 characters and a bit.
    assert first[:25] == second[:25]
    assert (first == second) == (epoch == other)


@given(HANDLES, IDS)
def test_a_link_to_leave_is_of_no_epoch(handle: int, topic: int) -> None:
    """It is signed as one of the first, in which it is read for ever."""
    token = BEFORE.token(Purpose.UNSUBSCRIBE, handle=handle, topic=topic)

    assert ROTATED.read(Purpose.UNSUBSCRIBE, token) == TokenClaims(handle, topic, 0)
    assert ROTATED.read(Purpose.PREFERENCES, token) is None
