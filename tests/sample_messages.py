"""One small finished edition, one reader, and the message made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from newsletter.domain.compiled import CompiledLanguage, Slot
from newsletter.domain.people import MailFormat
from newsletter.mail.addresses import parse_address
from newsletter.mail.message import PersonalHeaders, write_template
from newsletter.mail.message_facts import MessageFacts
from newsletter.mail.page_links import LinkTokens
from newsletter.mail.slots import SlotValues
from tests.independent_decoder import (
    Part,
    decode_base64,
    decode_quoted_printable,
    read_multipart,
    read_part,
)

TOKEN = "t" * 47
FACTS = MessageFacts(
    from_name="Cyngor Tŷ Mawr, y Wasg",
    from_address="news@example.org",
    reply_to="hello@example.org",
    list_name="Monthly bulletin",
    list_id="monthly.mail.example.org",
    list_owner="owner@example.org",
    feedback_id="2026-10:monthly:edition:0a1b2c3d4e5f",
    base_url="https://news.example.org",
    domain="mail.example.org",
    unsubscribe_address="leave@mail.example.org",
)
COMPILED = CompiledLanguage(
    language="cy",
    languages=("cy",),
    subject=("Newyddion mis Hydref",),
    html=(
        "<!DOCTYPE html>\n<p>Annwyl ",
        Slot("name", "ddarllenydd"),
        ', mae’r <a href="',
        Slot("unsubscribe"),
        '">ddolen</a> yma.</p>\n',
    ),
    text=("Annwyl ", Slot("name", "ddarllenydd"), "\n\nDad-danysgrifio: ", Slot("unsubscribe")),
)
VALUES = SlotValues(
    words={"name": "Siân", "email": "reader@example.org"},
    tokens=LinkTokens(view="v" * 47, unsubscribe=TOKEN, preferences="p" * 47),
)
HEADERS = PersonalHeaders(
    to=parse_address("reader@example.org"),
    date=datetime(2026, 10, 5, 9, 30, tzinfo=UTC),
    message_id="m" * 47,
    unsubscribe_tag="a" * 47,
)


def with_words(**words: str) -> SlotValues:
    """The reader's values with some other words."""
    return replace(VALUES, words={**VALUES.words, **words})


def a_message(
    compiled: CompiledLanguage = COMPILED,
    facts: MessageFacts = FACTS,
    headers: PersonalHeaders = HEADERS,
    form: MailFormat = MailFormat.HTML,
    **words: str,
) -> bytes:
    return write_template(compiled, facts).fill(with_words(**words), headers, form)


def bodies(raw: bytes) -> tuple[str, str]:
    """The decoded text and HTML, read by our own reader."""
    text, page = map(body, read_multipart(read_part(raw)))
    return text, page


def body(part: Part) -> str:
    """A part's decoded body, read by our own reader."""
    if part.one("Content-Transfer-Encoding") == "base64":
        octets = decode_base64(part.body)
    else:
        octets = decode_quoted_printable(part.body)
    return octets.decode().replace("\r\n", "\n")
