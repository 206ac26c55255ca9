"""A message's headers and those of its parts, as fields with gaps for what is the reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from urllib.parse import quote

from newsletter.mail.bodies import EncodedBody
from newsletter.mail.filling import FillingPiece, Gap
from newsletter.mail.header_fields import HeaderField
from newsletter.mail.header_rules import CRLF, mailbox
from newsletter.mail.message_facts import MessageFacts, NoticeFacts
from newsletter.mail.page_links import one_click_address

_MAILTO_SAFE = "@!$'*+-._~"
"""What stands for itself in a mailto address (RFC 6068 section 2)."""


_NO_ANSWER = ("X-Auto-Response-Suppress", "OOF, AutoReply")


class _From(Protocol):
    """Who a message is from, whatever kind of message it is."""

    @property
    def from_name(self) -> str: ...
    @property
    def from_address(self) -> str: ...
    @property
    def reply_to(self) -> str: ...
    @property
    def domain(self) -> str: ...


def message_head(facts: MessageFacts, languages: tuple[str, ...]) -> Iterator[HeaderField]:
    """The headers of every message, each exactly once (M8), but for those of its content."""
    finished = HeaderField.finished
    yield from _beginning(facts)
    yield finished("List-ID", mailbox("List-ID", facts.list_name, facts.list_id))
    yield HeaderField("List-Unsubscribe", tuple(_unsubscribe(facts)))
    yield finished("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    yield finished("List-Owner", f"<mailto:{quote(facts.list_owner, safe=_MAILTO_SAFE)}>")
    yield finished("List-Post", "NO")
    yield finished("Precedence", "bulk")
    yield finished(*_NO_ANSWER)
    yield finished("Feedback-ID", facts.feedback_id)
    yield from _ending(languages)


def notice_head(facts: NoticeFacts, languages: tuple[str, ...]) -> Iterator[HeaderField]:
    """The same of a notice: it belongs to no list, and says that a machine wrote it, so that no
    machine answers (RFC 3834 section 5; M20)."""
    yield from _beginning(facts)
    yield HeaderField.finished("Auto-Submitted", "auto-generated")
    yield HeaderField.finished(*_NO_ANSWER)
    yield from _ending(languages)


def content_head(kind: str, body: EncodedBody) -> Iterator[HeaderField]:
    """What says how a body is to be read; `kind` is plain or html."""
    yield HeaderField.finished("Content-Type", f"text/{kind}; charset=utf-8")
    yield HeaderField.finished("Content-Transfer-Encoding", body.encoding)


def part_head(kind: str, body: EncodedBody, languages: tuple[str, ...]) -> Iterator[FillingPiece]:
    """The headers of one part, `kind` being plain or html, and the empty line after them (M23)."""
    for field in (*content_head(kind, body), _content_language(languages)):
        yield from field.as_sent()
    yield CRLF.encode()


def _beginning(facts: _From) -> Iterator[HeaderField]:
    finished = HeaderField.finished
    yield finished("From", mailbox("From", facts.from_name, facts.from_address))
    yield HeaderField("To", (Gap.TO,))
    yield finished("Reply-To", facts.reply_to)
    yield HeaderField("Subject", (Gap.SUBJECT,))
    yield HeaderField("Date", (Gap.DATE,))
    yield HeaderField("Message-ID", (b"<", Gap.MESSAGE_ID, f"@{facts.domain}>".encode("ascii")))


def _ending(languages: tuple[str, ...]) -> Iterator[HeaderField]:
    yield _content_language(languages)
    yield HeaderField.finished("MIME-Version", "1.0")


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
