"""What a message is made fit with for DATA, and what is no message at all."""

from __future__ import annotations

from newsletter.mail.wire_message import WireMessage


def has_only_crlf(message: bytes) -> bool:
    """Whether CR and LF occur in pairs alone (M1): a bare one may end the message elsewhere."""
    if isinstance(message, WireMessage):
        return True
    return message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r")


def as_content(message: bytes) -> bytes:
    """The message as DATA wants it: a dot doubled at the head of a line (RFC 5321 s4.5.2), and
    the last line ended. One that needs nothing is not copied."""
    if isinstance(message, WireMessage):
        return message
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") or not stuffed else stuffed + b"\r\n"
