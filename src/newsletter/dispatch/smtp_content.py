"""What a message is made fit with for DATA, and what is no message at all."""

from __future__ import annotations

import io
import re

_DOT_AT_HEAD = re.compile(rb"\n\.")


def has_only_crlf(message: bytes) -> bool:
    """Whether CR and LF occur in pairs alone (M1): a bare one may end the message elsewhere."""
    # One pass in C, which costs a third of counting the three of them.
    seen = io.IncrementalNewlineDecoder(None, translate=False)
    seen.decode(message.decode("latin-1"), final=True)
    return seen.newlines in (None, "\r\n")


def as_content(message: bytes) -> bytes:
    """The message as DATA wants it: a dot doubled at the head of a line (RFC 5321 s4.5.2), and
    the last line ended. One that needs nothing is not copied."""
    if _DOT_AT_HEAD.search(message):  # twice as fast as `in`, on a message that holds none
        message = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message if message.endswith(b"\r\n") or not message else message + b"\r\n"
