"""One small composed notice, whom it is for, and the message made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from newsletter.domain.notices import ComposedNotice
from newsletter.mail.addresses import parse_address
from newsletter.mail.message_facts import NoticeFacts
from newsletter.mail.notice_message import NoticeHeaders

NOTICE_FACTS = NoticeFacts(
    from_name="Cyngor Tŷ Mawr, y Wasg",
    from_address="news@example.org",
    reply_to="hello@example.org",
    domain="mail.example.org",
)
COMPOSED = ComposedNotice(
    language="cy",
    subject="Cadarnhewch eich tanysgrifiad",
    text="Pwyswch y botwm.\n",
    html="<!DOCTYPE html>\n<p>Pwyswch y <a href='https://news.example.org/'>botwm</a>.</p>\n",
)
NOTICE_HEADERS = NoticeHeaders(
    to=parse_address("reader@example.org"),
    date=datetime(2026, 11, 26, 14, 5, tzinfo=UTC),
    message_id="m" * 47,
)
