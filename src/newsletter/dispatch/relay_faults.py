"""Why a relay could not be spoken to, in words that name the setting to look at."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence

from newsletter.dispatch.relay import SmtpRelay
from newsletter.dispatch.smtp_replies import Reply
from newsletter.domain.errors import RelayUnreachable

_HOST_AND_PORT = "Look at host and port in relay.url, and whether the relay is running."
_OWN_AUTHORITY = (
    "If it is signed by your own authority, name that authority's file in relay.ca_file."
)

# OpenSSL's X509_V_ERR_… numbers, in which a certificate's fault is told.
_NOT_YET_VALID, _EXPIRED = 9, 10
_WRONG_NAME = (62, 64)  # a host name, an IP address


def unreachable(relay: SmtpRelay, what: str, cure: str = _HOST_AND_PORT) -> RelayUnreachable:
    """The error for `relay`: what happened there, and the setting to look at."""
    return RelayUnreachable(what, where=relay.address, cure=cure)


def turned_away(relay: SmtpRelay, reply: Reply) -> RelayUnreachable:
    """The error for a relay that answered, and does not want us, or not now."""
    return RelayUnreachable(
        f"the relay turned us away: {reply.says}",
        where=relay.address,
        cure="Ask who runs the relay why it takes no mail from this machine.",
        asks_to_wait=reply.codes if reply.is_closing else None,
    )


def no_connection(relay: SmtpRelay, error: OSError) -> RelayUnreachable:
    """The error for a connection that did not come about, or not under TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _bad_certificate(relay, error)
    if isinstance(error, ssl.SSLError):
        return unreachable(
            relay,
            "no TLS connection came about, or only an outdated one (older than TLS 1.2)",
            "Look at relay.url: smtps:// is mostly port 465, smtp+starttls:// mostly port 587.",
        )
    return unreachable(relay, _what_happened(error))


def none_reachable(faults: Sequence[RelayUnreachable]) -> RelayUnreachable:
    """The error for relays of which every one had its fault: what happened at each."""
    if len(faults) == 1:
        return faults[0]
    cures = dict.fromkeys(fault.cure for fault in faults if fault.cure)
    return RelayUnreachable(
        f"none of the {len(faults)} relays can be used: "
        + "; ".join(f"{fault.where}: {fault.what}" for fault in faults),
        cure=" ".join(cures) or None,
    )


def _what_happened(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "the connection timed out"
    if isinstance(error, socket.gaierror):
        return "the host's name cannot be found"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if error.strerror:
        return f"no connection came about ({error.strerror})"
    if isinstance(error, ConnectionError):
        return "the connection was closed before it stood"
    return "nobody answers at any of the host's addresses"  # asyncio tried them all


def _bad_certificate(relay: SmtpRelay, error: ssl.SSLCertVerificationError) -> RelayUnreachable:
    if error.verify_code in _WRONG_NAME:
        return unreachable(
            relay,
            "its certificate is not for this name",
            "Write in relay.url the host name that the relay's certificate carries.",
        )
    if error.verify_code in (_EXPIRED, _NOT_YET_VALID):
        return unreachable(
            relay,
            "its certificate has expired or is not valid yet",
            "Have the relay's certificate renewed. Look at this machine's clock too, and, if set,"
            " at the certificates in relay.ca_file.",
        )
    return unreachable(
        relay, f"its certificate is not trusted ({error.verify_message})", _OWN_AUTHORITY
    )
