"""A message's headers and those of its parts, as fields with gaps for what is the reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from newsletter.mail.bodies import EncodedBody
from newsletter.mail.filling import FillingPiece, Gap
from newsletter.mail.header_fields import HeaderField
from newsletter.mail.header_rules import CRLF, mailbox
from newsletter.mail.message_facts import MessageFacts
from newsletter.mail.page_links import one_click_address

_MAILTO_SAFE = "@!$'*+-._~"
"""What stands for itself in a mailto address (RFC 6068 section 2)."""


def message_head(facts: MessageFacts, languages: tuple[str, ...]) -> Iterator[HeaderField]:
    """The headers of every message, each exactly once (M8), but for those of its content."""
    finished = HeaderField.finished
    yield finished("From", mailbox("From", facts.from_name, facts.from_address))
    yield HeaderField("To", (Gap.TO,))
    yield finished("Reply-To", facts.reply_to)
    yield HeaderField("Subject", (Gap.SUBJECT,))
    yield HeaderField("Date", (Gap.DATE,))
    yield HeaderField("Message-ID", (b"<", Gap.MESSAGE_ID, f"@{facts.domain}>".encode("ascii")))
    yield finished("List-ID", mailbox("List-ID", facts.list_name, facts.list_id))
    yield HeaderField("List-Unsubscribe", tuple(_unsubscribe(facts)))
    yield finished("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    yield finished("List-Owner", f"<mailto:{quote(facts.list_owner, safe=_MAILTO_SAFE)}>")
    yield finished("List-Post", "NO")
    yield finished("Precedence", "bulk")
    yield finished("X-Auto-Response-Suppress", "OOF, AutoReply")
    yield finished("Feedback-ID", facts.feedback_id)
    yield _content_language(languages)
    yield finished("MIME-Version", "1.0")


def content_head(kind: str, body: EncodedBody) -> Iterator[HeaderField]:
    """What says how a body is to be read; `kind` is plain or html."""
    yield HeaderField.finished("Content-Type", f"text/{kind}; charset=utf-8")
    yield HeaderField.finished("Content-Transfer-Encoding", body.encoding)


def part_head(kind: str, body: EncodedBody, languages: tuple[str, ...]) -> Iterator[FillingPiece]:
    """The headers of one part, `kind` being plain or html, and the empty line after them (M23)."""
    for field in (*content_head(kind, body), _content_language(languages)):
        yield from field.as_sent()
    yield CRLF.encode()


def _unsubscribe(facts: MessageFacts) -> Iterator[FillingPiece]:
    """One https address and then the mailbox, each in angle brackets, folded at the comma, which
    the promise of one-click follows (RFC 2369 section 2, RFC 8058 section 3.1; M15, M16)."""
    yield f"<{one_click_address(facts.base_url)}".encode("ascii")
    yield from (Gap.UNSUBSCRIBE, b">")
    if facts.unsubscribe_address:
        local, _, domain = facts.unsubscribe_address.rpartition("@")
        yield f",{CRLF} <mailto:{quote(local, safe=_MAILTO_SAFE)}+".encode("ascii")
        yield from (Gap.UNSUBSCRIBE_TAG, f"@{domain}>".encode("ascii"))


def _content_language(languages: tuple[str, ...]) -> HeaderField:
    return HeaderField.finished("Content-Language", ", ".join(languages))
