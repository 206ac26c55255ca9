"""The message writer: a whole message as pieces, encoded once and joined for each reader.

What it writes is never parsed and written again (M7): the standard library's writer breaks long
headers (M4) and costs some hundred times as much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from newsletter.domain.compiled import CompiledLanguage, Piece
from newsletter.domain.errors import BadInput
from newsletter.mail.addresses import EmailAddress, parse_address
from newsletter.mail.bodies import BodyPiece, body_from_json, body_to_json, encode_bodies
from newsletter.mail.header_rules import (
    CRLF,
    HeaderValueError,
    check_bare_value,
    check_header_text,
    encode_text,
    mailbox,
)
from newsletter.mail.slots import pieces_from_json, pieces_to_json, slot_value

_LIST_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", re.IGNORECASE | re.ASCII)
_LONGEST_LIST_ID = 255
_MAILTO_SAFE = "@!$'*+-._~"
"""What stands for itself in a mailto address (RFC 6068 section 2)."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What all messages of one edition in one language have in common.

    `list_name` and `list_id` (`slug.mail.domain`) stand in List-ID and never change (M18);
    `reply_to` and `list_owner` are mailboxes that somebody reads (M23); `feedback_id` is for
    receivers' statistics, four fields parted by colons (M21).
    """

    from_name: str
    from_address: str
    reply_to: str
    list_name: str
    list_id: str
    list_owner: str
    feedback_id: str


@dataclass(frozen=True, slots=True)
class PersonalHeaders:
    """What makes a message one reader's own, beside the slots.

    `date` is the time of sending, with its zone (M8); `message_id` has its angle brackets;
    `unsubscribe_url` begins with https:// (M15); `unsubscribe_mailto` is a bare address, or None.
    """

    to: EmailAddress
    date: datetime
    message_id: str
    unsubscribe_url: str
    unsubscribe_mailto: str | None


@dataclass(frozen=True)
class MessageTemplate:
    """A message with slots: what a snapshot keeps and each reader's message is joined from."""

    facts: MessageFacts
    language: str
    subject: tuple[Piece, ...]
    boundary: str
    body: tuple[BodyPiece, ...]

    def fill(self, values: Mapping[str, str], headers: PersonalHeaders) -> bytes:
        """One reader's message as it goes out: CRLF throughout (M1), not to be touched again (M7).

        `values` fills the slots. Raises BadInput when a value that lands in the subject has a
        character in it that no header may hold (M12), MissingAddressError for an address slot
        without a value, HeaderValueError for a Message-ID or unsubscribe address that is none.
        """
        head = CRLF.join(
            (
                self._sender,
                f"To: {headers.to.wire}",
                f"Reply-To: {self.facts.reply_to}",
                f"Subject: {self._plain_subject or self._subject(values)}",
                f"Date: {_date(headers.date)}",
                f"Message-ID: {_message_id(headers.message_id)}",
                self._list_id,
                _unsubscribe(headers),
                self._closing,
            )
        )
        body = b"".join(
            piece if isinstance(piece, bytes) else piece.encode(values) for piece in self.body
        )
        return head.encode() + body

    def as_json(self) -> dict[str, Any]:
        """The template as JSON, lossless and in one form, for the snapshot and its digest."""
        return {
            "facts": asdict(self.facts),
            "language": self.language,
            "subject": pieces_to_json(self.subject),
            "boundary": self.boundary,
            "body": body_to_json(self.body),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MessageTemplate:
        """The template that `as_json` gave."""
        return cls(
            facts=MessageFacts(**data["facts"]),
            language=data["language"],
            subject=pieces_from_json(data["subject"]),
            boundary=data["boundary"],
            body=body_from_json(data["body"]),
        )

    def _subject(self, values: Mapping[str, str]) -> str:
        # Not fill_text, which mends control characters: a header refuses them (M12).
        words = (p if isinstance(p, str) else slot_value(p, values) for p in self.subject)
        return encode_text("Subject", "".join(words).strip(" "))

    @cached_property
    def _plain_subject(self) -> str | None:
        """The subject when it is the same for all readers, so that it is encoded once."""
        return self._subject({}) if all(isinstance(p, str) for p in self.subject) else None

    @cached_property
    def _sender(self) -> str:
        return mailbox("From", self.facts.from_name, self.facts.from_address)

    @cached_property
    def _list_id(self) -> str:
        return mailbox("List-ID", self.facts.list_name, self.facts.list_id)

    @cached_property
    def _closing(self) -> str:
        lines = (
            f"List-Owner: <mailto:{quote(self.facts.list_owner, safe=_MAILTO_SAFE)}>",
            "List-Post: NO",
            "Precedence: bulk",
            "X-Auto-Response-Suppress: OOF, AutoReply",
            f"Feedback-ID: {self.facts.feedback_id}",
            f"Content-Language: {self.language}",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative;{CRLF} boundary="{self.boundary}"',
            "",
            "",
        )
        return CRLF.join(lines)


def write_template(compiled: CompiledLanguage, facts: MessageFacts) -> MessageTemplate:
    """The message of one language, its bodies encoded once.

    Raises BadInput when the subject or a fact holds what its header may not (M4, M12, M13, M18).
    """
    for piece in compiled.subject:
        check_header_text("the subject", piece if isinstance(piece, str) else piece.fallback)
    boundary, body = encode_bodies(compiled)
    return MessageTemplate(
        facts=_checked(facts),
        language=check_bare_value("Content-Language", compiled.language),
        subject=compiled.subject,
        boundary=boundary,
        body=body,
    )


def _checked(facts: MessageFacts) -> MessageFacts:
    check_header_text("the From name", facts.from_name)
    check_header_text("the list's name", facts.list_name)
    if len(facts.list_id) > _LONGEST_LIST_ID or _LIST_ID.fullmatch(facts.list_id) is None:
        raise BadInput(
            f'"{facts.list_id}" cannot be a List-ID',
            cure=f"It is like news.mail.example.org, at most {_LONGEST_LIST_ID} characters.",
        )
    check_bare_value("Feedback-ID", facts.feedback_id)
    return replace(
        facts,
        from_address=_own_address("sender's address", facts.from_address),
        reply_to=_own_address("reply-to address", facts.reply_to),
        list_owner=_own_address("list owner's address", facts.list_owner),
    )


def _own_address(whose: str, text: str) -> str:
    address = parse_address(text)
    if address.needs_smtputf8:
        # In every message, it would keep all of them from servers without SMTPUTF8 (M13).
        raise BadInput(
            f"the {whose} {text} is not plain ASCII before the @",
            cure="Use an address that every mail server can write.",
        )
    return address.wire


def _date(sent_at: datetime) -> str:
    if sent_at.utcoffset() is None:
        raise HeaderValueError("Date needs a time with its zone")
    return format_datetime(sent_at)


def _message_id(message_id: str) -> str:
    if not (message_id.startswith("<") and message_id.endswith(">")):
        raise HeaderValueError(f"Message-ID needs its angle brackets: {message_id!r}")
    return f"<{check_bare_value('Message-ID', message_id[1:-1])}>"


def _unsubscribe(headers: PersonalHeaders) -> str:
    """One https address and then the mailbox, each in angle brackets, folded at the comma, and the
    promise of one-click (RFC 2369 section 2, RFC 8058 section 3.1; M15, M16)."""
    url = check_bare_value("List-Unsubscribe", headers.unsubscribe_url)
    if not url.startswith("https://"):
        raise HeaderValueError(f"List-Unsubscribe needs an https address, not {url!r}")
    mailto = ""
    if headers.unsubscribe_mailto:
        address = check_bare_value("List-Unsubscribe", headers.unsubscribe_mailto)
        mailto = f",{CRLF} <mailto:{quote(address, safe=_MAILTO_SAFE)}>"
    return (
        f"List-Unsubscribe: <{url}>{mailto}{CRLF}List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    )
