"""The message writer: a whole message as pieces, encoded once and joined for each reader.

What it writes is never parsed and written again (M7): the standard library's writer breaks long
headers (M4) and costs some hundred times as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from newsletter.domain.compiled import CompiledLanguage
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import EmailAddress
from newsletter.mail.bodies import EncodedBody, encode_body
from newsletter.mail.content import Content, WrittenContent
from newsletter.mail.dates import date_value
from newsletter.mail.dkim.signatures import Signatures
from newsletter.mail.header_rules import (
    HeaderValueError,
    check_bare_value,
    check_header_text,
    encode_text,
)
from newsletter.mail.heads import message_head
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
            date_value(headers.date),
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

    @property
    def content(self) -> Content:
        """Both bodies, as they stand below the head."""
        return Content(self.text, self.html, self.languages)

    @cached_property
    def _both_parts(self) -> MessageLayout:
        return self._layout(self.content.both())

    @cached_property
    def _text_only(self) -> MessageLayout:
        return self._layout(self.content.text_only())

    def _layout(self, content: WrittenContent) -> MessageLayout:
        head = [*message_head(self.facts, self.languages), *content.fields]
        return MessageLayout(head, content.body)

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


def _checked_tokens(*tokens: str) -> list[bytes]:
    """The tokens as octets: nothing else can get into a header or an address by their way (M12)."""
    joined = "".join(tokens).encode()
    if joined.translate(None, _TOKEN_CHARACTERS) or set(map(len, tokens)) != {TOKEN_LENGTH}:
        # Not said which or what it is: a token opens somebody's pages.
        raise HeaderValueError("a link, the Message-ID or the unsubscribe tag is no token")
    return [token.encode() for token in tokens]
