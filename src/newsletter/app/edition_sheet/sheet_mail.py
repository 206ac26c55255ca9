"""One mail of an edition as the sheet shows it: read back from the message that goes out."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from lxml import etree

from newsletter.app.filled_mail import EXAMPLE_READER
from newsletter.composer.markup.finished_links import accessible_name
from newsletter.composer.markup.inline import parse
from newsletter.dispatch.personal_messages import INERT_TOKENS, write_message
from newsletter.domain.stored_editions import MailForm
from newsletter.mail.message import MessageTemplate
from newsletter.tokens.tokens import INERT_TOKEN

_OWN = "…"
"""What stands on the sheet for the part of an address that is each reader's own."""


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A link: its words as a reader hears them, its address, and the tag of their language."""

    words: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class SheetMail:
    """One mail, filled for the example reader, with links that open nothing.

    `language` is what it calls itself, `languages` are those that it is written in, `segments`
    those whose sections are in it. `html` and `text` are the decoded parts of the message, lines
    parted by `\\n`; `message_bytes` is the size of the whole message as it goes over the wire.
    """

    language: str
    languages: tuple[str, ...]
    segments: tuple[str, ...]
    from_name: str
    from_address: str
    reply_to: str
    subject: str
    preheader: str
    html: str
    text: str
    links: tuple[SheetLink, ...]
    message_bytes: int

    @property
    def html_bytes(self) -> int:
        """How many bytes the HTML has, by which Gmail measures (H12)."""
        return len(self.html.encode())

    @property
    def shown_text(self) -> str:
        """The plain text, short of what in its addresses is each reader's own."""
        return self.text.replace(INERT_TOKEN, _OWN)

    @property
    def text_bytes(self) -> int:
        """How many bytes the plain text has."""
        return len(self.text.encode())


def sheet_mail(
    form: MailForm, template: MessageTemplate, *, bounce_address: str, now: datetime
) -> SheetMail:
    """The mail of `form`, read back from the bytes that `template` gives; `now` is their date.

    So what the sheet shows has gone the whole way that a reader's message goes.
    """
    language, variant = form
    _, content = write_message(
        template, EXAMPLE_READER, INERT_TOKENS, bounce_address=bounce_address, now=now
    )
    message = email.message_from_bytes(content, policy=email.policy.default)
    html = _part(message, "html")
    document = parse(html)
    return SheetMail(
        language=language,
        languages=template.languages,
        segments=tuple(filter(None, variant.split(","))),
        from_name=template.facts.from_name,
        from_address=template.facts.from_address,
        reply_to=template.facts.reply_to,
        subject=str(message["Subject"]),
        preheader=_preheader(document),
        html=html,
        text=_part(message, "plain"),
        links=tuple(_links(document)),
        message_bytes=len(content),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None  # noqa: S101 - the template has just written it
    return str(part.get_content()).replace("\r\n", "\n")


def _preheader(document: etree._Element) -> str:
    """The hidden line at the top, which mail programs show beside the subject; "" without one."""
    hidden = document.xpath("string(body/*[1][contains(@style, 'display:none')])")
    return " ".join(str(hidden).split())


def _links(document: etree._Element) -> Iterator[SheetLink]:
    for element in document.iter("a"):
        address = element.get("href") or ""
        if address and not address.startswith("#"):
            language = element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)")
            shown = address.replace(INERT_TOKEN, _OWN)
            yield SheetLink(accessible_name(element), shown, str(language))
