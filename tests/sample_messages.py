"""One small finished edition, one reader, and the message made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from newsletter.domain.compiled import CompiledLanguage, Slot
from newsletter.mail.addresses import parse_address
from newsletter.mail.message import MessageFacts, PersonalHeaders, write_template
from tests.independent_decoder import decode_quoted_printable, read_multipart, read_part

TOKEN = "t" * 47
FACTS = MessageFacts(
    from_name="Cyngor Tŷ Mawr, y Wasg",
    from_address="news@example.org",
    reply_to="hello@example.org",
    list_name="Monthly bulletin",
    list_id="monthly.mail.example.org",
    list_owner="owner@example.org",
    feedback_id="2026-10:monthly:edition:0a1b2c3d4e5f",
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
VALUES = {"name": "Siân", "unsubscribe": f"https://news.example.org/cy/unsubscribe/{TOKEN}"}
HEADERS = PersonalHeaders(
    to=parse_address("reader@example.org"),
    date=datetime(2026, 10, 5, 9, 30, tzinfo=UTC),
    message_id=f"<{TOKEN}@mail.example.org>",
    unsubscribe_url=f"https://news.example.org/u/{TOKEN}",
    unsubscribe_mailto=f"leave+{TOKEN}@mail.example.org",
)


def a_message(
    compiled: CompiledLanguage = COMPILED,
    facts: MessageFacts = FACTS,
    headers: PersonalHeaders = HEADERS,
    **values: str,
) -> bytes:
    return write_template(compiled, facts).fill(VALUES | values, headers)


def bodies(raw: bytes) -> tuple[str, str]:
    """The decoded text and HTML, read by our own reader."""
    text, page = (
        decode_quoted_printable(part.body).decode().replace("\r\n", "\n")
        for part in read_multipart(read_part(raw))
    )
    return text, page
