"""Tokens and tags open what they were made for, and nothing else."""

from __future__ import annotations

import base64
import hmac
import re
import string
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.tokens.key_ring import KeyRing
from newsletter.tokens.tokens import INERT_TAG, INERT_TOKEN, Purpose, TokenClaims, Tokens

OLD = KeyRing(active=0, keys={0: b"o" * 32})
ROTATED = KeyRing(active=63, keys={0: b"o" * 32, 63: b"n" * 32})
TOKENS = Tokens(OLD)
HANDLE = 0xFEDCBA9876543210
TOKEN = TOKENS.token(Purpose.UNSUBSCRIBE, handle=HANDLE, topic=0x01020304, edition=0x0A0B0C0D)
TAG = TOKENS.tag(Purpose.BOUNCE, HANDLE, 0x0A0B0C0D)
BASE64URL = string.ascii_letters + string.digits + "-_"
PURPOSES = st.sampled_from(Purpose)
HANDLES = st.integers(0, 2**64 - 1)
IDS = st.integers(0, 2**32 - 1)


@given(PURPOSES, HANDLES, IDS, IDS)
def test_a_token_names_what_it_was_made_for(
    purpose: Purpose, handle: int, topic: int, edition: int
) -> None:
    """T1: 47 characters of base64url."""
    token = TOKENS.token(purpose, handle=handle, topic=topic, edition=edition)

    assert re.fullmatch(r"[A-Za-z0-9_-]{47}", token)
    assert TOKENS.read(purpose, token) == TokenClaims(handle, topic, edition)


@given(PURPOSES, HANDLES, IDS)
def test_a_tag_is_the_signed_claims_in_small_letters(
    purpose: Purpose, handle: int, public_id: int
) -> None:
    """M22: version 1 and key id in one byte, handle, public id, 128 bits of HMAC-SHA-256."""
    for ring, key_id in ((OLD, 0), (ROTATED, 63)):
        body = bytes([0b01_000000 | key_id]) + handle.to_bytes(8) + public_id.to_bytes(4)
        mac = hmac.new(ring.derive(key_id, purpose), body, "sha256").digest()[:16]

        tag = Tokens(ring).tag(purpose, handle, public_id)

        assert re.fullmatch(r"[a-z2-7]{47}", tag)
        assert base64.b32decode(tag.upper() + "=") == body + mac


def test_a_bounce_address_has_a_local_part_that_smtp_allows() -> None:
    """M22: at most 64 octets, with a prefix of up to 16 and a plus."""
    assert len("x" * 16 + "+" + TAG) == 64


def test_no_bit_of_a_token_may_be_changed() -> None:
    """T1."""
    signed = base64.urlsafe_b64decode(TOKEN + "=")

    for bit in range(len(signed) * 8):
        changed = bytearray(signed)
        changed[bit // 8] ^= 1 << bit % 8
        forged = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert TOKENS.read(Purpose.UNSUBSCRIBE, forged) is None


def test_no_character_of_a_token_has_a_second_spelling() -> None:
    """T1: also the last one, whose spare bits a decoder overlooks."""
    others = [
        TOKEN[:place] + other + TOKEN[place + 1 :]
        for place in range(47)
        for other in BASE64URL
        if other != TOKEN[place]
    ]

    assert [one for one in others if TOKENS.read(Purpose.UNSUBSCRIBE, one)] == []


def test_a_token_in_the_other_alphabet_or_with_padding_is_nothing() -> None:
    with_both = next(
        token
        for token in (TOKENS.token(Purpose.VIEW, edition=number) for number in range(1000))
        if "-" in token and "_" in token
    )

    for spelling in (
        with_both.replace("-", "+").replace("_", "/"),
        f"{with_both}=",
        f" {with_both}",
        f"{with_both}\n",
        with_both[:-1],
    ):
        assert TOKENS.read(Purpose.VIEW, spelling) is None
    assert TOKENS.read(Purpose.VIEW, with_both) is not None


@pytest.mark.parametrize("made_for", Purpose)
@pytest.mark.parametrize("used_for", Purpose)
def test_purposes_never_cross(made_for: Purpose, used_for: Purpose) -> None:
    """T2."""
    token = TOKENS.token(made_for, handle=HANDLE, topic=1, edition=2)

    assert (TOKENS.read(used_for, token) is not None) == (made_for is used_for)
    same_tag = TOKENS.tag(made_for, HANDLE, 2) == TOKENS.tag(used_for, HANDLE, 2)
    assert same_tag == (made_for is used_for)


def test_a_purpose_written_over_does_not_cross_either() -> None:
    """T2: each purpose has its own key, so the purpose's number alone gives nothing."""
    signed = bytearray(base64.urlsafe_b64decode(TOKEN + "="))
    other = base64.urlsafe_b64decode(TOKENS.token(Purpose.PREFERENCES) + "=")
    signed[2] = other[2]

    forged = base64.urlsafe_b64encode(signed).decode().rstrip("=")

    assert TOKENS.read(Purpose.PREFERENCES, forged) is None


@pytest.mark.parametrize(
    ("version", "number"), [(0, 1), (2, 1), (1, 0), (1, 2)], ids=["old", "new", "none", "other"]
)
def test_a_signature_of_ours_is_not_enough(version: int, number: int) -> None:
    """T1, T2: version and purpose are read too, as in a token that a later program signed."""
    key = OLD.derive(0, Purpose.UNSUBSCRIBE)
    body = struct.pack(">BBBQII", version, 0, number, HANDLE, 1, 2)

    token = body + hmac.digest(key, body, "sha256")[:16]

    written = base64.urlsafe_b64encode(token).decode().rstrip("=")
    assert TOKENS.read(Purpose.UNSUBSCRIBE, written) is None


def test_after_rotation_old_links_work_and_new_ones_bear_the_new_key() -> None:
    """T3, T4."""
    rotated = Tokens(ROTATED)
    new_token = rotated.token(Purpose.UNSUBSCRIBE, handle=HANDLE)

    assert rotated.read(Purpose.UNSUBSCRIBE, TOKEN) == TOKENS.read(Purpose.UNSUBSCRIBE, TOKEN)
    assert TOKENS.read(Purpose.UNSUBSCRIBE, new_token) is None
    assert rotated.read(Purpose.UNSUBSCRIBE, new_token) == TokenClaims(HANDLE, 0, 0)


def test_another_workspace_reads_none_of_our_tokens() -> None:
    stranger = Tokens(KeyRing(active=0, keys={0: b"s" * 32}))

    assert stranger.read(Purpose.UNSUBSCRIBE, TOKEN) is None


def test_a_message_id_is_the_same_at_every_attempt_also_after_rotation() -> None:
    """M9."""
    first = TOKENS.message_id_local(HANDLE, 7)

    assert TOKENS.message_id_local(HANDLE, 7) == first
    assert Tokens(ROTATED).message_id_local(HANDLE, 7) == first
    assert TOKENS.message_id_local(HANDLE, 8) != first
    assert TOKENS.message_id_local(HANDLE + 1, 7) != first


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.MESSAGE_ID])
def test_a_message_id_opens_nothing(purpose: Purpose) -> None:
    """M9."""
    local = TOKENS.message_id_local(HANDLE, 7)

    assert TOKENS.read(purpose, local) is None
    assert TOKENS.tag(purpose, HANDLE, 7) != local


@pytest.mark.parametrize("purpose", Purpose)
def test_inert_tokens_look_right_and_open_nothing(purpose: Purpose) -> None:
    """S15."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{47}", INERT_TOKEN)
    assert re.fullmatch(r"[a-z2-7]{47}", INERT_TAG)
    for tokens in (TOKENS, Tokens(ROTATED)):
        assert tokens.read(purpose, INERT_TOKEN) is None
        assert tokens.read(purpose, INERT_TAG) is None


@given(
    st.text(max_size=60)
    | st.text(BASE64URL, min_size=47, max_size=47)
    | st.text(min_size=47, max_size=47)
)
def test_garbage_is_nothing_and_no_error(garbage: str) -> None:
    """T7."""
    for purpose in Purpose:
        assert TOKENS.read(purpose, garbage) is None


def test_tokens_never_show_their_keys() -> None:
    """X13."""
    assert "oooo" not in repr(TOKENS)
