"""The signatures of a message: written for each reader, since each has links of their own.

By RFC 6376, relaxed in both parts, since relays fold headers anew. Without `l=`, which would let
anybody add to the body, and without `x=`: mail may lie at a relay for days, and a signature that
has run out helps nobody.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.domain.errors import BadInput

_NAME = b"DKIM-Signature"
_FOLD = b"\r\n "
_LINE = 72


class SigningKey(Protocol):
    """A private key that signs; several threads may use it at once."""

    @property
    def algorithm(self) -> str:
        """What a signature's `a=` calls it."""

    def sign(self, octets: bytes) -> bytes:
        """The signature of the octets' SHA-256."""


@dataclass(frozen=True, slots=True)
class SignedContent:
    """What a message's signatures are made over.

    `names` is the `h=` of its header fields, folded with CRLF and one space, `head` those fields in
    relaxed canonical form (RFC 6376 section 3.4.2), `body_hash` the SHA-256 of the body in its own.
    `sent_at` has a zone.
    """

    names: bytes
    head: bytes
    body_hash: bytes
    sent_at: datetime


class Signatures:
    """Signs messages for `domain` with every one of `keys`, which go by their selectors."""

    def __init__(self, domain: str, keys: Mapping[str, SigningKey]) -> None:
        self.domain = domain
        self._signers = [_Signer(key, domain, selector) for selector, key in keys.items()]

    def fields(self, content: SignedContent) -> Iterator[bytes]:
        """The header field of each signature, with its line break, to stand before all others."""
        written = b"t=%d;\r\n %b\r\n bh=%b;\r\n b=" % (
            content.sent_at.timestamp(),
            content.names,
            b2a_base64(content.body_hash, newline=False),
        )
        for signer in self._signers:
            yield signer.field(content.head, written)

    def check_covers(self, address: str) -> None:
        """Raises what the function of this name does for the domain that signs."""
        check_covers(self.domain, address)


def check_covers(domain: str, address: str) -> None:
    """Raises BadInput unless `domain`, which signs, is the From address's or a parent of it:
    receivers take no other for the sender's (RFC 9989; A4)."""
    theirs = address.rpartition("@")[2].lower()
    if theirs != domain and not theirs.endswith(f".{domain}"):
        raise BadInput(
            f"dkim.domain {domain} cannot sign for the From address {address}: receivers want"
            f" {theirs} or a domain above it",
            cure="Leave dkim.domain out, or make it fit sender.address. An edition that was"
            " approved under another address has to be approved anew.",
        )


class _Signer:
    def __init__(self, key: SigningKey, domain: str, selector: str) -> None:
        start = f"v=1; a={key.algorithm}; c=relaxed/relaxed;\r\n d={domain};\r\n s={selector}; "
        self._start = start.encode("ascii")
        self._key = key

    def field(self, head: bytes, written: bytes) -> bytes:
        """`written` is the field between its beginning and its signature."""
        value = self._start + written
        # It covers itself, but for the signature: with every fold made a space, and no line break.
        relaxed = b"%b:%b" % (_NAME.lower(), value.replace(_FOLD, b" "))
        signature = b2a_base64(self._key.sign(head + relaxed), newline=False)
        lines = [signature[place : place + _LINE] for place in range(0, len(signature), _LINE)]
        return b"%b: %b%b\r\n" % (_NAME, value, _FOLD.join(lines))
