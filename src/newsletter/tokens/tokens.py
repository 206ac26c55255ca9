"""Signed tokens for links, and tags for mail addresses.

A token is 35 bytes: version, key id, purpose, the subscriber's handle (8), the public ids of topic
and edition (4 each), and 16 bytes of HMAC-SHA-256 over all before it; 47 characters of base64url
(T1). A tag is the same for the local part of an address, where case does not survive: 29 bytes,
47 characters of lower-case base32, the purpose being said by the address that it is added to.
Neither holds an address or a number that counts anything, and neither expires (T3); what a person
has to confirm in time is a request with a life of its own, which a confirm token names. A token for
the preferences is also signed over the person's epoch, which it does not hold: when that counts up,
the ones that were given out before open nothing any more (T4), while leaving works for ever.
"""

from __future__ import annotations

import base64
import hmac
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from newsletter.tokens.key_ring import KeyRing
from newsletter.tokens.keyed_hash import KeyedHash
from newsletter.tokens.small_base32 import small_base32

_VERSION = 1
_MAC_BYTES = 16
_TOKEN_FORM = struct.Struct(">BBBQII")
_TAG_FORM = struct.Struct(">BQI")
_EPOCH_FORM = struct.Struct(">I")
_LENGTH = 47
_KEY_ID_BITS = 6
_BASE64URL = re.compile(rf"[A-Za-z0-9_-]{{{_LENGTH}}}")


class Purpose(StrEnum):
    """What a token or tag is for; one of one purpose is nothing at all for another (T2)."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    VIEW = "view"
    BOUNCE = "bounce"
    MAILTO_UNSUBSCRIBE = "mailto-unsubscribe"
    MESSAGE_ID = "message-id"
    CONFIRM = "confirm"


_NUMBERS = {purpose: number for number, purpose in enumerate(Purpose, start=1)}

INERT_TOKEN = base64.urlsafe_b64encode(bytes(_TOKEN_FORM.size + _MAC_BYTES)).decode().rstrip("=")
"""A token of the right form that opens nothing: version 0 was never given out."""

INERT_TAG = "a" * _LENGTH
"""A tag of the right form that names nobody."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """Whom and what a token names; 0 where it names none. The handle of a confirm token is that of
    a request."""

    handle: int
    topic: int
    edition: int


class Tokens:
    """Signs tokens and tags, and reads tokens, with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._active = ring.active
        # A message id must not change when a new key takes over between two attempts (M9).
        self._oldest = min(ring.keys)
        self._keys = {
            (key_id, purpose): KeyedHash(ring.derive(key_id, purpose))
            for key_id in ring.keys
            for purpose in Purpose
        }

    def token(
        self,
        purpose: Purpose,
        *,
        handle: int = 0,
        topic: int = 0,
        edition: int = 0,
        epoch: int = 0,
    ) -> str:
        """A token for a link; the same for the same claims, until the active key changes."""
        return self.token_of_each(purpose, topic=topic, edition=edition)(handle, epoch)

    def token_of_each(
        self, purpose: Purpose, *, topic: int, edition: int
    ) -> Callable[[int, int], str]:
        """What makes one subscriber's token after the other, from the handle and the epoch."""
        key, key_id, number = self._keys[self._active, purpose], self._active, _NUMBERS[purpose]

        def token(handle: int, epoch: int) -> str:
            body = _TOKEN_FORM.pack(_VERSION, key_id, number, handle, topic, edition)
            mac = _mac(key, body, epoch)
            return base64.urlsafe_b64encode(body + mac).decode().rstrip("=")

        return token

    def read(self, purpose: Purpose, token: str, *, epoch: int = 0) -> TokenClaims | None:
        """What the token names; None when it is garbled, forged, of another purpose or of another
        epoch."""
        signed = _bytes_of_token(token)
        if signed is None:
            return None
        version, key_id, number, *claims = _TOKEN_FORM.unpack(signed[:-_MAC_BYTES])
        if version != _VERSION or number != _NUMBERS[purpose]:
            return None
        if not self._is_signed(key_id, purpose, signed, epoch):
            return None
        return TokenClaims(*claims)

    def claimed_handle(self, purpose: Purpose, token: str) -> int | None:
        """The handle that the token says it is of, which nobody has verified: with it the person's
        epoch is found, without which `read` cannot tell. None when it is garbled or of another
        purpose."""
        signed = _bytes_of_token(token)
        if signed is None:
            return None
        version, _, number, handle, *_ = _TOKEN_FORM.unpack(signed[:-_MAC_BYTES])
        is_of_purpose = version == _VERSION and number == _NUMBERS[purpose]
        return int(handle) if is_of_purpose else None

    def tag(self, purpose: Purpose, handle: int, public_id: int) -> str:
        """A tag for the local part of an address (M22); 47 characters."""
        return self.tag_of_each(purpose, public_id)(handle)

    def tag_of_each(self, purpose: Purpose, public_id: int) -> Callable[[int], str]:
        """What makes one subscriber's tag after the other, from the handle."""
        return self._tag_of_each(self._active, purpose, public_id)

    def message_id_local(self, handle: int, edition: int) -> str:
        """The part of a Message-ID before the @: the same at every attempt, whatever key is active,
        and no key to anything, being of a purpose that opens nothing (M9)."""
        return self.message_id_of_each(edition)(handle)

    def message_id_of_each(self, edition: int) -> Callable[[int], str]:
        """What makes one subscriber's `message_id_local` after the other, from the handle."""
        return self._tag_of_each(self._oldest, Purpose.MESSAGE_ID, edition)

    def _tag_of_each(self, key_id: int, purpose: Purpose, public_id: int) -> Callable[[int], str]:
        key, start = self._keys[key_id, purpose], _VERSION << _KEY_ID_BITS | key_id

        def tag(handle: int) -> str:
            body = _TAG_FORM.pack(start, handle, public_id)
            return small_base32(body + _mac(key, body))

        return tag

    def _is_signed(self, key_id: int, purpose: Purpose, signed: bytes, epoch: int) -> bool:
        key = self._keys.get((key_id, purpose))
        if key is None:
            return False
        return hmac.compare_digest(_mac(key, signed[:-_MAC_BYTES], epoch), signed[-_MAC_BYTES:])


def _mac(key: KeyedHash, body: bytes, epoch: int = 0) -> bytes:
    # Without anything for the first epoch, in which nearly everybody is and stays.
    signed = body + _EPOCH_FORM.pack(epoch) if epoch else body
    return key.digest(signed)[:_MAC_BYTES]


def _bytes_of_token(token: str) -> bytes | None:
    if _BASE64URL.fullmatch(token) is None:
        return None
    signed = base64.urlsafe_b64decode(token + "=")
    # One spelling only: the last character has spare bits, which the decoder overlooks.
    return signed if base64.urlsafe_b64encode(signed).decode() == token + "=" else None
