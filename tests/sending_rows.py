"""A bulletin, editions that are being sent, and readers, as they stand in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from newsletter.storage.schema import editions, subscribers, subscriptions, topics


def add_bulletin(connection: Connection, at: datetime) -> None:
    """Adds the one topic, of the id 1."""
    topic = {"id": 1, "public_id": 7, "slug": "bulletin", "names": {}, "private": False}
    connection.execute(insert(topics).values(**topic, created_at=at))


def add_edition(
    connection: Connection, at: datetime, number: int = 1, *, slug: str = "2026-10"
) -> None:
    """Adds an edition of the bulletin that is being sent, with that number as its id."""
    ids = {"id": number, "public_id": 8 + number, "slug": slug, "topic_id": 1}
    source = {"revision": 1, "source_file": "", "source_digest": ""}
    connection.execute(insert(editions).values(**ids, **source, state="sending", created_at=at))


def add_reader(connection: Connection, at: datetime, number: int, language: str = "en") -> None:
    """Adds reader1@example.org and so on, with an active subscription; the handle is 1000 more."""
    address = f"reader{number}@example.org"
    person = {"id": number, "handle": 1000 + number, "address": address, "canonical": address}
    about = {"name": "", "language": language, "format": "html", "attributes": {}}
    connection.execute(insert(subscribers).values(**person, **about, created_at=at))
    given = {"status": "active", "basis": "consent", "since": at}
    connection.execute(insert(subscriptions).values(subscriber_id=number, topic_id=1, **given))
