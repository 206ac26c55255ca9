"""Seals: what stays of an erased address, so that no list brings it back (L4).

A seal is a keyed HMAC of the canonical address. Without the key, which lies outside the database,
nobody can find out by trying addresses whom it is of; a plain digest would tell.
"""

from __future__ import annotations

import hmac

from newsletter.tokens.key_ring import KeyRing

_PURPOSE = "erasure"
PREFIX = "erased:"


class ErasureSeals:
    """Seals addresses with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._active = ring.active
        self._keys = {key_id: ring.derive(key_id, _PURPOSE) for key_id in sorted(ring.keys)}
        self._names = {key_id: f"{key_id}-{ring.fingerprint(key_id)}" for key_id in ring.keys}

    def knows_key_of(self, seal: str) -> bool:
        """Whether the seal was made with one of the ring's keys, and so keeps its address off.

        Every ring has a key 0; its fingerprint tells whose.
        """
        return seal.split(":")[1] in self._names.values()

    def seal(self, canonical: str) -> str:
        """The seal to be kept: `erased:`, the key's id and fingerprint, `:` and 64 hex digits."""
        return self._sealed(self._active, canonical)

    def every_seal(self, canonical: str) -> tuple[str, ...]:
        """The seals that the address may have been kept under, one for each key."""
        return tuple(self._sealed(key_id, canonical) for key_id in self._keys)

    def _sealed(self, key_id: int, canonical: str) -> str:
        digest = hmac.digest(self._keys[key_id], canonical.encode(), "sha256")
        return f"{PREFIX}{self._names[key_id]}:{digest.hex()}"
