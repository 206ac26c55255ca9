"""A message's headers and those of its parts, as bytes with gaps for what is the reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from newsletter.mail.bodies import EncodedBody
from newsletter.mail.filling import FillingPiece, Gap
from newsletter.mail.header_rules import CRLF, mailbox
from newsletter.mail.message_facts import MessageFacts
from newsletter.mail.page_links import one_click_address

_MAILTO_SAFE = "@!$'*+-._~"
"""What stands for itself in a mailto address (RFC 6068 section 2)."""


def message_head(
    facts: MessageFacts, languages: tuple[str, ...], subject: FillingPiece
) -> Iterator[FillingPiece]:
    """The headers of every message, each exactly once (M8), but for those of its content."""
    sender = mailbox("From", facts.from_name, facts.from_address)
    yield from (f"{sender}{CRLF}To: ".encode(), Gap.TO)
    yield from (f"{CRLF}Reply-To: {facts.reply_to}{CRLF}Subject: ".encode(), subject)
    yield from (f"{CRLF}Date: ".encode(), Gap.DATE)
    yield from (f"{CRLF}Message-ID: <".encode(), Gap.MESSAGE_ID)
    list_id = mailbox("List-ID", facts.list_name, facts.list_id)
    yield f"@{facts.domain}>{CRLF}{list_id}{CRLF}".encode()
    yield from _unsubscribe(facts)
    yield _closing(facts, languages).encode()


def part_head(kind: str, body: EncodedBody, languages: tuple[str, ...]) -> bytes:
    """The headers of one part, `kind` being plain or html, and the empty line after them (M23)."""
    return (content_head(kind, body) + f"Content-Language: {_listed(languages)}\r\n\r\n").encode()


def content_head(kind: str, body: EncodedBody) -> str:
    """What says how a body is to be read; `kind` is plain or html."""
    return (
        f"Content-Type: text/{kind}; charset=utf-8{CRLF}"
        f"Content-Transfer-Encoding: {body.encoding}{CRLF}"
    )


def _unsubscribe(facts: MessageFacts) -> Iterator[FillingPiece]:
    """One https address and then the mailbox, each in angle brackets, folded at the comma, and the
    promise of one-click (RFC 2369 section 2, RFC 8058 section 3.1; M15, M16)."""
    yield f"List-Unsubscribe: <{one_click_address(facts.base_url)}".encode()
    yield from (Gap.UNSUBSCRIBE, b">")
    if facts.unsubscribe_address:
        local, _, domain = facts.unsubscribe_address.rpartition("@")
        yield f",{CRLF} <mailto:{quote(local, safe=_MAILTO_SAFE)}+".encode()
        yield from (Gap.UNSUBSCRIBE_TAG, f"@{domain}>".encode())
    yield f"{CRLF}List-Unsubscribe-Post: List-Unsubscribe=One-Click{CRLF}".encode()


def _closing(facts: MessageFacts, languages: tuple[str, ...]) -> str:
    lines = (
        f"List-Owner: <mailto:{quote(facts.list_owner, safe=_MAILTO_SAFE)}>",
        "List-Post: NO",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        f"Feedback-ID: {facts.feedback_id}",
        f"Content-Language: {_listed(languages)}",
        "MIME-Version: 1.0",
        "",
    )
    return CRLF.join(lines)


def _listed(languages: tuple[str, ...]) -> str:
    return ", ".join(languages)
