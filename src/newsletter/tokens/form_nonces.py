"""Nonces: what a form carries that we have shown to somebody, so that a program cannot send it
without having asked for it, and not in one go (T14).

A nonce is 37 bytes: version, key id, the second at which it was given out (4), 15 random bytes and
16 bytes of HMAC-SHA-256 over all before it; 50 characters of base64url. It says nothing of whom it
was given to.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.tokens.key_ring import KeyRing

_PURPOSE = "form"
_VERSION = 1
_MAC_BYTES = 16
_BODY = struct.Struct(">BBI15s")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{50}")


@dataclass(frozen=True, slots=True)
class FormNonce:
    """A nonce of ours: which one it is, and when it was given out, to the second."""

    id: str
    given_at: datetime


class FormNonces:
    """Gives out nonces and reads them, with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._active = ring.active
        self._keys = {key_id: ring.derive(key_id, _PURPOSE) for key_id in ring.keys}

    def new(self, at: datetime) -> str:
        """One that nobody ever had, given out `at`."""
        second = int(at.timestamp())
        body = _BODY.pack(_VERSION, self._active, second, secrets.token_bytes(15))
        return _text(body + self._mac(self._active, body))

    def read(self, text: str) -> FormNonce | None:
        """What `text` is a nonce of; None when it is garbled or none of ours."""
        if _BASE64URL.fullmatch(text) is None:
            return None
        signed = base64.urlsafe_b64decode(text + "==")
        body, mac = signed[:-_MAC_BYTES], signed[-_MAC_BYTES:]
        version, key_id, second, chance = _BODY.unpack(body)
        # One spelling only: the last character has spare bits, which the decoder overlooks.
        if version != _VERSION or key_id not in self._keys or _text(signed) != text:
            return None
        if not hmac.compare_digest(mac, self._mac(key_id, body)):
            return None
        return FormNonce(chance.hex(), datetime.fromtimestamp(second, UTC))

    def _mac(self, key_id: int, body: bytes) -> bytes:
        return hmac.digest(self._keys[key_id], body, "sha256")[:_MAC_BYTES]


def _text(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")
