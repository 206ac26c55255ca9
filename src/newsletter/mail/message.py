"""The message writer: a whole message as pieces, encoded once, joined for each reader.

Written by hand and never parsed and written again (M7): the standard library's writer breaks long
headers (M4) and costs some hundred times as much. Bodies are quoted-printable throughout (M3).
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from typing import Any

from newsletter.domain.compiled import CompiledLanguage, Piece, Slot
from newsletter.mail.addresses import EmailAddress
from newsletter.mail.header_rules import (
    CRLF,
    check_header_text,
    encode_phrase,
    encode_text,
    without_controls,
)
from newsletter.mail.quoted_printable import encode_literal, encode_value
from newsletter.mail.slots import fill_text, pieces_from_json, pieces_to_json, slot_value

_TOKEN = re.compile(r"[!-;=?-~]+")
"""Printable ASCII without angle brackets: what an address between < and > may be made of."""
_BODY_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What all messages of one edition in one language have in common.

    `list_name` and `list_id` stand in List-ID and never change (M18); `list_owner` and `reply_to`
    are mailboxes that somebody reads (M23); `feedback_id` is for receivers' statistics (M21).
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

    `date` is the time of sending, with its zone; `message_id` has its angle brackets;
    `unsubscribe_mailto` is a bare address, or None.
    """

    to: EmailAddress
    date: datetime
    message_id: str
    unsubscribe_url: str
    unsubscribe_mailto: str | None


@dataclass(frozen=True, slots=True)
class BodySlot:
    """A slot in an encoded body: what it waits for, and whether it lands in HTML."""

    slot: Slot
    in_html: bool

    def encode(self, values: Mapping[str, str]) -> bytes:
        """The value as a piece of the body; control characters in it become spaces."""
        value = _BODY_CONTROLS.sub(" ", slot_value(self.slot, values))
        return encode_value(html.escape(value) if self.in_html else value)


@dataclass(frozen=True)
class MessageTemplate:
    """A message with slots: what a snapshot keeps and a reader's message is joined from."""

    facts: MessageFacts
    language: str
    subject: tuple[Piece, ...]
    boundary: str
    body: tuple[bytes | BodySlot, ...]

    def fill(self, values: Mapping[str, str], own: PersonalHeaders) -> bytes:
        """One reader's message, ready for the wire: CRLF throughout (M1), nothing to be changed.

        `values` fills the slots. Raises BadInput for what no header may hold (M12), LookupError
        when an address that a link needs is missing.
        """
        head = CRLF.join(
            (
                self._before,
                f"To: {own.to.wire}",
                f"Reply-To: {self.facts.reply_to}",
                f"Subject: {self._subject(values)}",
                f"Date: {format_datetime(own.date)}",
                f"Message-ID: {_checked('Message-ID', own.message_id.strip('<>'))}",
                *_unsubscribe(own),
                self._after,
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
            "body": [
                piece.decode("ascii")
                if isinstance(piece, bytes)
                else {
                    "slot": piece.slot.name,
                    "fallback": piece.slot.fallback,
                    "html": piece.in_html,
                }
                for piece in self.body
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MessageTemplate:
        """The template that `as_json` gave."""
        return cls(
            facts=MessageFacts(**data["facts"]),
            language=data["language"],
            subject=pieces_from_json(data["subject"]),
            boundary=data["boundary"],
            body=tuple(
                piece.encode("ascii")
                if isinstance(piece, str)
                else BodySlot(Slot(piece["slot"], piece["fallback"]), piece["html"])
                for piece in data["body"]
            ),
        )

    def _subject(self, values: Mapping[str, str]) -> str:
        return encode_text("Subject", without_controls(fill_text(self.subject, values)).strip())

    @cached_property
    def _before(self) -> str:
        return f"From: {encode_phrase(self.facts.from_name)}{CRLF} <{self.facts.from_address}>"

    @cached_property
    def _after(self) -> str:
        facts = self.facts
        return CRLF.join(
            (
                f"List-ID: {encode_phrase(facts.list_name)}{CRLF} <{facts.list_id}>",
                f"List-Owner: <mailto:{facts.list_owner}>",
                "List-Post: NO",
                "Precedence: bulk",
                "X-Auto-Response-Suppress: OOF, AutoReply",
                f"Feedback-ID: {facts.feedback_id}",
                f"Content-Language: {self.language}",
                "MIME-Version: 1.0",
                f'Content-Type: multipart/alternative;{CRLF} boundary="{self.boundary}"',
                "",
                "",
            )
        )


def write_template(compiled: CompiledLanguage, facts: MessageFacts) -> MessageTemplate:
    """The message of one language, its bodies encoded once.

    Raises BadInput when a fact or the subject holds what no header may (M12).
    """
    for name, value in asdict(facts).items():
        check_header_text(name.replace("_", " "), value)
    for piece in compiled.subject:
        check_header_text("the subject", piece if isinstance(piece, str) else piece.fallback)
    text = tuple(_encode(_with_final_break(compiled.text), in_html=False))
    page = tuple(_encode(_with_final_break(compiled.html), in_html=True))
    boundary = _boundary(text + page)
    return MessageTemplate(
        facts=facts,
        language=compiled.language,
        subject=compiled.subject,
        boundary=boundary,
        body=_joined(
            _part_head(boundary, "plain", compiled.language),
            *text,
            _part_head(boundary, "html", compiled.language),
            *page,
            f"--{boundary}--\r\n".encode(),
        ),
    )


def _with_final_break(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    last = pieces[-1] if pieces else ""
    return pieces if isinstance(last, str) and last.endswith("\n") else (*pieces, "\n")


def _encode(pieces: Iterable[Piece], *, in_html: bool) -> Iterable[bytes | BodySlot]:
    for piece in pieces:
        if isinstance(piece, Slot):
            yield BodySlot(piece, in_html)
        else:
            yield encode_literal(piece.replace("\r\n", "\n").replace("\r", "\n"))


def _joined(*pieces: bytes | BodySlot) -> tuple[bytes | BodySlot, ...]:
    """The pieces with neighbours that need no slot between them made one."""
    joined: list[bytes | BodySlot] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, bytes) and isinstance(last, bytes):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    return tuple(joined)


def _boundary(pieces: tuple[bytes | BodySlot, ...]) -> str:
    # "=_" can stand nowhere in quoted-printable; the digest makes the same edition the same bytes.
    digest = hashlib.sha256(b"\0".join(one for one in pieces if isinstance(one, bytes)))
    return f"=_{digest.hexdigest()[:32]}"


def _part_head(boundary: str, kind: str, language: str) -> bytes:
    return CRLF.join(
        (
            f"--{boundary}",
            f"Content-Type: text/{kind}; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            f"Content-Language: {language}",
            "",
            "",
        )
    ).encode()


def _unsubscribe(own: PersonalHeaders) -> tuple[str, str]:
    """One https address, then the mailbox (RFC 2369 section 2, RFC 8058 section 3.1; M15, M16)."""
    url = _checked("List-Unsubscribe", own.unsubscribe_url)
    mailbox = (
        f",{CRLF} {_checked('List-Unsubscribe', f'mailto:{own.unsubscribe_mailto}')}"
        if own.unsubscribe_mailto
        else ""
    )
    return (
        f"List-Unsubscribe: {url}{mailbox}",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    )


def _checked(header: str, value: str) -> str:
    if _TOKEN.fullmatch(value) is None:
        raise BadHeaderValueError(header)
    return f"<{value}>"


class BadHeaderValueError(ValueError):
    """A value of our own making that must not stand between angle brackets."""
