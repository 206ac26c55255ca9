"""Verifying captured messages as a receiver does, by a program that is not ours: dkimpy."""

from __future__ import annotations

import dkim

from newsletter.cli.demo.capture import Captured
from newsletter.mail.dkim.dns_record import DnsRecord

_TO_LEAVE = {b"list-unsubscribe", b"list-unsubscribe-post"}
"""Receivers show the button for unsubscribing only when these are signed (RFC 8058 section 4)."""


class Verifier:
    """Knows `record` and no other, as if it had asked the DNS."""

    def __init__(self, record: DnsRecord) -> None:
        self._record = record

    @property
    def domain(self) -> str:
        """The domain whose signatures it knows."""
        return self._record.name.partition("._domainkey.")[2]

    def verifies(self, captured: Captured) -> bool:
        """Whether the message is well signed, and what one leaves by with it."""
        message = dkim.DKIM(captured.content)
        try:
            is_good = message.verify(dnsfunc=self._look_up)
        except dkim.DKIMException:
            return False
        covered = {name.lower() for name, _ in message.signed_headers}
        there = {name.lower() for name, _ in message.headers}
        return bool(is_good) and covered >= _TO_LEAVE & there  # a notice is of no list

    def _look_up(self, name: bytes, timeout: float = 0) -> bytes | None:
        is_ours = name.decode().rstrip(".") == self._record.name
        return self._record.value.encode() if is_ours else None
