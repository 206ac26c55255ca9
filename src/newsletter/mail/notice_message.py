"""The message of a notice, written by the rules of every other one, for one person and at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsletter.domain.notices import ComposedNotice
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import EmailAddress
from newsletter.mail.bodies import encode_body
from newsletter.mail.content import Content
from newsletter.mail.dates import date_value
from newsletter.mail.dkim.signatures import Signatures
from newsletter.mail.filling import Gap
from newsletter.mail.header_rules import check_bare_value, encode_text
from newsletter.mail.heads import notice_head
from newsletter.mail.message_facts import NoticeFacts, checked_notice_facts
from newsletter.mail.message_layout import MessageLayout
from newsletter.mail.page_links import LinkTokens
from newsletter.mail.slots import SlotValues
from newsletter.mail.wire_message import WireMessage

_NO_SLOTS = SlotValues({}, LinkTokens("", "", ""))
"""A notice is finished when it is composed: nothing of it waits for its reader."""


@dataclass(frozen=True, slots=True)
class NoticeHeaders:
    """Whom a notice is for, when it is sent (with a zone; M8), and its Message-ID before the @,
    which is the same at every attempt (M9)."""

    to: EmailAddress
    date: datetime
    message_id: str


def write_notice(
    composed: ComposedNotice,
    facts: NoticeFacts,
    headers: NoticeHeaders,
    form: MailFormat = MailFormat.HTML,
    signatures: Signatures | None = None,
) -> WireMessage:
    """The message as it goes out, its `signatures` before it: the text and the HTML of it, or for
    who wants text the text alone.

    Raises BadInput when the subject, the From name or an address holds what no header may (M4, M12,
    M13), HeaderValueError for a Message-ID that is none or a time without a zone.
    """
    languages = (check_bare_value("Content-Language", composed.language),)
    bodies = Content(
        encode_body((composed.text,), in_html=False),
        encode_body((composed.html,), in_html=True),
        languages,
    )
    content = bodies.both() if form is MailFormat.HTML else bodies.text_only()
    head = [*notice_head(checked_notice_facts(facts), languages), *content.fields]
    layout = MessageLayout(head, content.body)
    return layout.join(_gaps(composed, headers), _NO_SLOTS, headers.date, signatures)


def _gaps(composed: ComposedNotice, headers: NoticeHeaders) -> tuple[bytes, ...]:
    filled = {
        Gap.TO: headers.to.wire.encode(),
        Gap.DATE: date_value(headers.date),
        Gap.MESSAGE_ID: check_bare_value("Message-ID", headers.message_id).encode("ascii"),
        Gap.SUBJECT: encode_text("Subject", composed.subject).encode("ascii"),
    }
    return tuple(filled.get(gap, b"") for gap in Gap)
