"""The message writer: a whole message as pieces, encoded once and joined for each reader.

What it writes is never parsed and written again (M7): the standard library's writer breaks long
headers (M4) and costs some hundred times as much.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cached_property, lru_cache
from typing import Any

from newsletter.domain.compiled import CompiledLanguage
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import EmailAddress
from newsletter.mail.bodies import EncodedBody, encode_body
from newsletter.mail.dkim.signatures import Signatures
from newsletter.mail.filling import FillingPiece
from newsletter.mail.header_fields import HeaderField
from newsletter.mail.header_rules import (
    CRLF,
    HeaderValueError,
    check_bare_value,
    check_header_text,
    encode_text,
)
from newsletter.mail.heads import content_head, message_head, part_head
from newsletter.mail.message_facts import MessageFacts, checked_facts
from newsletter.mail.message_layout import MessageLayout
from newsletter.mail.page_links import TOKEN_LENGTH, LinkedPiece, WordSlot, link_pages
from newsletter.mail.slots import SlotValues, fill_header, pieces_from_json, pieces_to_json
from newsletter.mail.wire_message import WireMessage

_TOKEN_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class PersonalHeaders:
    """What makes a message one reader's own, beside the slots.

    `date` is the time of sending, with its zone (M8); `message_id` is the Message-ID before the @,
    and `unsubscribe_tag` what the mailbox for leaving is told apart by; both have the form of a
    token.
    """

    to: EmailAddress
    date: datetime
    message_id: str
    unsubscribe_tag: str


@dataclass(frozen=True)
class MessageTemplate:
    """A message with slots: what a snapshot keeps and each reader's message is joined from.

    `languages` are those that it is written in, in order: one, or all of a stacked edition's.
    """

    facts: MessageFacts
    languages: tuple[str, ...]
    subject: tuple[LinkedPiece, ...]
    text: EncodedBody
    html: EncodedBody

    def fill(
        self,
        values: SlotValues,
        headers: PersonalHeaders,
        form: MailFormat = MailFormat.HTML,
        signatures: Signatures | None = None,
    ) -> WireMessage:
        """One reader's message as it goes out: CRLF throughout (M1), not to be touched again (M7).

        As HTML it is multipart/alternative, the text first and the HTML last (RFC 2046 section
        5.1.4; M10), as text a single text/plain; `signatures` are put before it. Raises BadInput
        when a value that lands in the subject has a character in it that no header may hold (M12),
        HeaderValueError for a token that is none or a time without a zone.
        """
        tokens = values.tokens
        as_they_are = (  # in the order of Gap
            headers.to.wire.encode(),
            _date(headers.date),
            *_checked_tokens(
                headers.message_id,
                headers.unsubscribe_tag,
                tokens.view,
                tokens.unsubscribe,
                tokens.preferences,
            ),
            self._subject_of(values),
        )
        layout = self._both_parts if form is MailFormat.HTML else self._text_only
        return layout.join(as_they_are, values, headers.date, signatures)

    def as_json(self) -> dict[str, Any]:
        """The template as JSON, lossless and in one form, for the snapshot and its digest."""
        return {
            "facts": asdict(self.facts),
            "languages": list(self.languages),
            "subject": pieces_to_json(self.subject),
            "text": self.text.as_json(),
            "html": self.html.as_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MessageTemplate:
        """The template that `as_json` gave."""
        return cls(
            facts=MessageFacts(**data["facts"]),
            languages=tuple(data["languages"]),
            subject=pieces_from_json(data["subject"]),
            text=EncodedBody.from_json(data["text"], in_html=False),
            html=EncodedBody.from_json(data["html"], in_html=True),
        )

    @cached_property
    def boundary(self) -> str:
        """What parts the bodies: of the content, so that the same edition gives the same bytes.

        "=_" cannot occur in quoted-printable (RFC 2045 section 6.7) and `_` not in base64, so no
        body holds it.
        """
        bodies = repr((self.text.pieces, self.html.pieces))
        return f"=_{hashlib.sha256(bodies.encode()).hexdigest()[:32]}"

    @cached_property
    def _both_parts(self) -> MessageLayout:
        content_type = f'multipart/alternative;{CRLF} boundary="{self.boundary}"'
        return self._layout([HeaderField.finished("Content-Type", content_type)], self._multipart())

    @cached_property
    def _text_only(self) -> MessageLayout:
        return self._layout(content_head("plain", self.text), self.text.for_filling())

    def _layout(
        self, content: Iterable[HeaderField], body: Iterable[FillingPiece]
    ) -> MessageLayout:
        return MessageLayout([*message_head(self.facts, self.languages), *content], body)

    def _multipart(self) -> Iterator[FillingPiece]:
        delimiter = f"--{self.boundary}{CRLF}".encode()
        yield delimiter
        yield from part_head("plain", self.text, self.languages)
        yield from self.text.for_filling()
        yield CRLF.encode() + delimiter
        yield from part_head("html", self.html, self.languages)
        yield from self.html.for_filling()
        yield f"{CRLF}--{self.boundary}--{CRLF}".encode()

    def _subject_of(self, values: SlotValues) -> bytes:
        return self._subject_of_all or _encoded_subject(fill_header(self.subject, values))

    @cached_property
    def _subject_of_all(self) -> bytes:
        """The subject where it is the same for all readers, to be encoded once; else nothing."""
        texts = [piece for piece in self.subject if isinstance(piece, str)]
        return _encoded_subject("".join(texts)) if len(texts) == len(self.subject) else b""


def write_template(compiled: CompiledLanguage, facts: MessageFacts) -> MessageTemplate:
    """The message of one compiled language, its bodies encoded once.

    Raises BadInput when the subject or a fact holds what its header may not (M4, M12, M13, M18).
    """
    linked = link_pages(compiled, facts.base_url)
    for words in _finished_words(linked.subject):
        check_header_text("the subject", words)
    return MessageTemplate(
        facts=checked_facts(facts),
        languages=tuple(check_bare_value("Content-Language", one) for one in compiled.languages),
        subject=linked.subject,
        text=encode_body(linked.text, in_html=False),
        html=encode_body(linked.html, in_html=True),
    )


def _finished_words(subject: tuple[LinkedPiece, ...]) -> Iterator[str]:
    for piece in subject:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, WordSlot):
            yield piece.fallback


def _encoded_subject(words: str) -> bytes:
    return encode_text("Subject", words.strip(" ")).encode("ascii")


def _date(sent_at: datetime) -> bytes:
    zone = sent_at.utcoffset()
    if zone is None:
        raise HeaderValueError("Date needs a time with its zone")
    return _date_of_second(int(sent_at.timestamp()), zone)


@lru_cache(maxsize=8)
def _date_of_second(since_epoch: int, zone: timedelta) -> bytes:
    return format_datetime(datetime.fromtimestamp(since_epoch, timezone(zone))).encode("ascii")


def _checked_tokens(*tokens: str) -> list[bytes]:
    """The tokens as octets: nothing else can get into a header or an address by their way (M12)."""
    joined = "".join(tokens).encode()
    if joined.translate(None, _TOKEN_CHARACTERS) or set(map(len, tokens)) != {TOKEN_LENGTH}:
        # Not said which or what it is: a token opens somebody's pages.
        raise HeaderValueError("a link, the Message-ID or the unsubscribe tag is no token")
    return [token.encode() for token in tokens]
