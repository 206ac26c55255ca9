"""The keys that sign: made, read and written as PEM. What is in one is never shown (A5, X13)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from enum import StrEnum
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from newsletter.domain.errors import BadInput

USUAL_BITS = 2048
MOST_BITS = 4096
"""What receivers need not verify is no use (RFC 8301 section 3.2)."""
_PUBLIC_EXPONENT = 65537
_MAKE_ONE = "Make a key with `newsletter dkim-key`."


class KeyKind(StrEnum):
    """The kinds of key that DKIM knows, as a DNS record's `k=` calls them."""

    RSA = "rsa"
    ED25519 = "ed25519"


class RsaKey:
    """An RSA key of 2048 to 4096 bits (A1); raises BadInput for another."""

    kind = KeyKind.RSA
    algorithm = "rsa-sha256"

    def __init__(self, key: RSAPrivateKey) -> None:
        if key.key_size < USUAL_BITS:
            raise BadInput(
                f"the RSA key has {key.key_size} bits; receivers distrust less than {USUAL_BITS}",
                cure=_MAKE_ONE,
            )
        if key.key_size > MOST_BITS:
            raise BadInput(
                f"the RSA key has {key.key_size} bits; receivers verify {MOST_BITS} at most",
                cure=_MAKE_ONE,
            )
        self._key = key
        self._hash = SHA256()
        self._padding = PKCS1v15()

    @classmethod
    def make(cls, bits: int = USUAL_BITS) -> RsaKey:
        """A new key."""
        return cls(generate_private_key(_PUBLIC_EXPONENT, bits))

    def sign(self, octets: bytes) -> bytes:
        """The signature of the octets' SHA-256; other threads run meanwhile."""
        return self._key.sign(octets, self._padding, self._hash)

    @property
    def bits(self) -> int:
        """The key's length."""
        return self._key.key_size

    @property
    def public(self) -> str:
        """The public key as a DNS record's `p=` has it (RFC 6376 section 3.6.1)."""
        public = self._key.public_key()
        return _base64(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def as_pem(self) -> str:
        """The private key, for a file that nobody but its owner may read."""
        return _pem(self._key)


class Ed25519Key:
    """An Ed25519 key, for a second signature (RFC 8463; A2)."""

    kind = KeyKind.ED25519
    algorithm = "ed25519-sha256"
    bits = None
    """All of this kind have the same length."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def make(cls) -> Ed25519Key:
        """A new key."""
        return cls(Ed25519PrivateKey.generate())

    def sign(self, octets: bytes) -> bytes:
        """The signature of the octets' SHA-256 (RFC 8463 section 3)."""
        return self._key.sign(hashlib.sha256(octets).digest())

    @property
    def public(self) -> str:
        """The public key as a DNS record's `p=` has it: bare (RFC 8463 section 4)."""
        return _base64(self._key.public_key().public_bytes_raw())

    def as_pem(self) -> str:
        """The private key, for a file that nobody but its owner may read."""
        return _pem(self._key)


PrivateKey: TypeAlias = RsaKey | Ed25519Key


def read_private_key(pem: bytes) -> PrivateKey:
    """The key in a PEM file, PKCS#8 or PKCS#1.

    Raises BadInput for what is none, is encrypted, or is of a kind or length that DKIM has no use
    for. No word of the file is in the error.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise BadInput(
            "the private key is encrypted, and nobody is there to be asked for its passphrase",
            cure="Take the passphrase off (openssl pkey -in OLD -out NEW) or make another key.",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(pem) from None
    if isinstance(key, RSAPrivateKey):
        return RsaKey(key)
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Key(key)
    raise BadInput("the private key is neither RSA nor Ed25519", cure=_MAKE_ONE)


def _no_key(pem: bytes) -> BadInput:
    if b"-----BEGIN PUBLIC KEY-----" in pem:
        return BadInput(
            "this is the public key, which belongs into the DNS; the private one is needed",
            cure="Name the file that the private key is in.",
        )
    return BadInput("there is no private key in the file (PEM)", cure=_MAKE_ONE)


def _pem(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _base64(octets: bytes) -> str:
    return b64encode(octets).decode("ascii")
