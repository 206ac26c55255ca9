"""The links in a message that a server received, taken from it as a stranger would."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.independent_decoder import Part, decode_quoted_printable, read_multipart, read_part
from tests.smtp_server import Received

_HREF = re.compile(r'href="(https://[^"#]+)')
_WRITTEN_OUT = re.compile(r"https://[^\s#]+")


def links_of(message: Received) -> set[str]:
    """Every https address that its HTML links to, or its text writes out where it has no HTML; what
    follows a # is left off."""
    part = read_part(message.content)
    if "multipart/" not in part.one("Content-Type"):
        return set(_WRITTEN_OUT.findall(_body(part)))
    return set(_HREF.findall(_body(read_multipart(part)[1])))


def one_click_path(message: Received) -> str:
    """The path of the address in List-Unsubscribe (RFC 8058)."""
    header = read_part(message.content).one("List-Unsubscribe")
    return urlsplit(header.split(",")[0].strip().strip("<>")).path


def _body(part: Part) -> str:
    return decode_quoted_printable(part.body).decode()
