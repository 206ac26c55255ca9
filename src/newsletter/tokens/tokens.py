"""Signed tokens for links, and tags for mail addresses.

A token is 35 bytes: version, key id, purpose, the subscriber's handle (8), the public ids of topic
and edition (4 each), and 16 bytes of HMAC-SHA-256 over all before it; 47 characters of base64url
(T1). A tag is the same for the local part of an address, where case does not survive: 29 bytes,
47 characters of lower-case base32, the purpose being said by the address that it is added to.
Neither holds an address or a number that counts anything, and neither expires (T3).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from enum import StrEnum

from newsletter.tokens.key_ring import KeyRing

_VERSION = 1
_MAC_BYTES = 16
_TOKEN_FORM = struct.Struct(">BBBQII")
_TAG_FORM = struct.Struct(">BQI")
_LENGTH = 47
_KEY_ID_BITS = 6
_BASE32_PADDING = "=" * (-_LENGTH % 8)


class Purpose(StrEnum):
    """What a token or tag is for; one of one purpose is nothing at all for another (T2)."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    VIEW = "view"
    BOUNCE = "bounce"
    MAILTO_UNSUBSCRIBE = "mailto-unsubscribe"
    MESSAGE_ID = "message-id"


_NUMBERS = {purpose: number for number, purpose in enumerate(Purpose, start=1)}

INERT_TOKEN = base64.urlsafe_b64encode(bytes(_TOKEN_FORM.size + _MAC_BYTES)).decode().rstrip("=")
"""A token of the right form that opens nothing: version 0 was never given out."""

INERT_TAG = "a" * _LENGTH
"""A tag of the right form that names nobody."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """Whom and what a token names; 0 where it names none."""

    handle: int
    topic: int
    edition: int


@dataclass(frozen=True, slots=True)
class TagClaims:
    """Whom a tag names, and the public id of the edition or topic, as its purpose has it."""

    handle: int
    public_id: int


class Tokens:
    """Signs and reads tokens and tags with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def token(self, purpose: Purpose, *, handle: int = 0, topic: int = 0, edition: int = 0) -> str:
        """A token for a link; the same for the same claims, until the active key changes."""
        body = _TOKEN_FORM.pack(
            _VERSION, self._ring.active, _NUMBERS[purpose], handle, topic, edition
        )
        signed = body + self._mac(self._ring.active, purpose, body)
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def read(self, purpose: Purpose, token: str) -> TokenClaims | None:
        """What the token names; None when it is garbled, forged or of another purpose."""
        signed = _bytes_of_token(token)
        if signed is None:
            return None
        body = signed[:-_MAC_BYTES]
        version, key_id, number, handle, topic, edition = _TOKEN_FORM.unpack(body)
        if version != _VERSION or number != _NUMBERS[purpose]:
            return None
        if not self._is_signed(key_id, purpose, signed):
            return None
        return TokenClaims(handle, topic, edition)

    def tag(self, purpose: Purpose, handle: int, public_id: int) -> str:
        """A tag for the local part of an address (M22); 47 characters."""
        body = _TAG_FORM.pack(_VERSION << _KEY_ID_BITS | self._ring.active, handle, public_id)
        signed = body + self._mac(self._ring.active, purpose, body)
        return base64.b32encode(signed).decode().lower().rstrip("=")

    def read_tag(self, purpose: Purpose, tag: str) -> TagClaims | None:
        """What the tag names, in whatever case it came back; None when it is garbled or forged."""
        signed = _bytes_of_tag(tag)
        if signed is None:
            return None
        head, handle, public_id = _TAG_FORM.unpack(signed[:-_MAC_BYTES])
        version, key_id = divmod(head, 1 << _KEY_ID_BITS)
        if version != _VERSION or not self._is_signed(key_id, purpose, signed):
            return None
        return TagClaims(handle, public_id)

    def message_id_local(self, handle: int, edition: int) -> str:
        """The part of a Message-ID before the @: the same at every attempt (M9), and no key to
        anything, being of a purpose that opens nothing."""
        return self.tag(Purpose.MESSAGE_ID, handle, edition)

    def _mac(self, key_id: int, purpose: Purpose, body: bytes) -> bytes:
        key = self._ring.derive(key_id, purpose)
        if key is None:
            raise KeyError(key_id)
        return hmac.digest(key, body, "sha256")[:_MAC_BYTES]

    def _is_signed(self, key_id: int, purpose: Purpose, signed: bytes) -> bool:
        if self._ring.derive(key_id, purpose) is None:
            return False
        expected = self._mac(key_id, purpose, signed[:-_MAC_BYTES])
        return hmac.compare_digest(expected, signed[-_MAC_BYTES:])


def _bytes_of_token(token: str) -> bytes | None:
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        signed = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    # One spelling only: the last character has spare bits that a decoder overlooks.
    canonical = base64.urlsafe_b64encode(signed).decode().rstrip("=")
    return signed if canonical == token else None


def _bytes_of_tag(tag: str) -> bytes | None:
    if len(tag) != _LENGTH or not tag.isascii():
        return None
    try:
        signed = base64.b32decode(tag.upper() + _BASE32_PADDING)
    except binascii.Error:
        return None
    canonical = base64.b32encode(signed).decode().rstrip("=")
    return signed if canonical == tag.upper() else None
