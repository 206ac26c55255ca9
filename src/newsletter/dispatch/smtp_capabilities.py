"""What a server offers, and what a message needs of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.dispatch.smtp_content import has_only_crlf
from newsletter.dispatch.smtp_replies import Reply
from newsletter.domain.control_characters import CONTROLS
from newsletter.domain.deliveries import Envelope

_UNFIT_FOR_A_COMMAND = re.compile(f"[ <>{CONTROLS}]")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the server offers; `size` is its largest message in octets, None when it names none."""

    size: int | None = None
    takes_smtputf8: bool = False
    takes_eight_bit: bool = False
    takes_groups: bool = False
    offers_starttls: bool = False
    sign_in_ways: frozenset[str] = frozenset()

    def obstacle(self, envelope: Envelope, message: bytes) -> str | None:
        """Why a message cannot be handed over here, before anything is written; or None."""
        addresses = envelope.sender + envelope.recipient
        if _UNFIT_FOR_A_COMMAND.search(addresses):
            return "The address holds a character that cannot be written in an SMTP command."
        if not (self.takes_smtputf8 or addresses.isascii()):
            return "The relay takes no address with letters beyond a to z (SMTPUTF8)."
        if not (self.takes_eight_bit or message.isascii()):
            return "The message holds bytes beyond ASCII, which the relay does not take (8BITMIME)."
        if self.size is not None and len(message) > self.size:
            return f"The message has {len(message)} octets; the relay takes {self.size} at most."
        if not has_only_crlf(message):
            return "The message has a line that does not end in CR LF (RFC 5321, 2.3.8)."
        return None

    def parameters(self, envelope: Envelope, message: bytes) -> str:
        """What MAIL says of the message, each word behind a space."""
        parameters = "" if self.size is None else f" SIZE={len(message)}"  # RFC 1870 s5
        if not message.isascii():
            parameters += " BODY=8BITMIME"  # RFC 6152 s3
        if envelope.needs_smtputf8 or not envelope.recipient.isascii():
            parameters += " SMTPUTF8"  # RFC 6531 s3.4
        return parameters


def read_capabilities(reply: Reply) -> Capabilities:
    """What an EHLO reply announces (RFC 5321 s4.1.1.1); what we do not know is passed over."""
    # `AUTH=LOGIN` is how servers from before RFC 2554 write it.
    words = [line.upper().replace("AUTH=", "AUTH ").split() for line in reply.lines[1:]]
    offers: dict[str, set[str]] = {}
    for keyword, *values in filter(None, words):
        offers.setdefault(keyword, set()).update(values)
    sizes = [int(value) for value in offers.get("SIZE", ()) if value.isascii() and value.isdigit()]
    return Capabilities(
        size=max(sizes, default=0) or None,  # SIZE 0 names no limit (RFC 1870 s4)
        takes_smtputf8="SMTPUTF8" in offers,
        takes_eight_bit="8BITMIME" in offers,
        takes_groups="PIPELINING" in offers,
        offers_starttls="STARTTLS" in offers,
        sign_in_ways=frozenset(offers.get("AUTH", ())),
    )
