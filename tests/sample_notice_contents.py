"""What notices of every kind say, to one reader, with links that open nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.composer.notices import NoticeContent, NoticeTopic, NoticeWriter
from newsletter.domain.brand import Brand
from newsletter.domain.notices import ComposedNotice, NoticeKind
from newsletter.resources import templates_folder

BASE, MEDIA_URL = "https://news.example.org", "https://news.example.org/media"
READER, OTHER = "reader@example.org", "new.address@example.org"
ASKED_AT = datetime(2026, 11, 26, 14, 5, tzinfo=ZoneInfo("Europe/London"))
TOKEN = "AQEHq3v-x_" + "t" * 37
TOPICS = {
    "en": ("Monthly bulletin", "Flood warnings & river levels"),
    "cy": ("Bwletin misol", "Rhybuddion llifogydd a lefelau’r afonydd"),
}
_CONFIRMED = {
    *(NoticeKind.CONFIRM, NoticeKind.REMINDER, NoticeKind.ADDRESS_FROM, NoticeKind.ADDRESS_TO),
    *(NoticeKind.MY_DATA, NoticeKind.ERASE),
}


def a_content(kind: NoticeKind, language: str = "en") -> NoticeContent:
    """A notice of that kind with all that it may have."""
    page = "confirm" if kind in _CONFIRMED else "preferences"
    action = f"{BASE}/{language}/{page}/{TOKEN}"
    leave = f"{BASE}/{language}/unsubscribe/{TOKEN}" if kind is NoticeKind.WELCOME else ""
    names = TOPICS.get(language, TOPICS["en"])
    return NoticeContent(
        kind=kind,
        language=language,
        address=READER,
        asked_at=ASKED_AT,
        until=ASKED_AT + timedelta(days=7),
        topics=tuple(NoticeTopic(name, language, leave) for name in names),
        other_address=OTHER,
        action="" if kind is NoticeKind.ADDRESS_CHANGED else action,
        block_address=f"{action}/block",
    )


def a_writer(brand: Brand) -> NoticeWriter:
    return NoticeWriter(brand, (templates_folder(),), MEDIA_URL)


def composed_notice(
    brand: Brand, kind: NoticeKind, language: str = "en"
) -> tuple[ComposedNotice, Mapping[str, bytes]]:
    """The notice, and what it may fetch, by address."""
    composed, media = a_writer(brand).compose(a_content(kind, language))
    return composed, {f"{MEDIA_URL}/{one.name}": one.content for one in media}
