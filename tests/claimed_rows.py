"""Deliveries that a sender has taken on, and people who leave meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, insert, update

from newsletter.dispatch import senders
from newsletter.dispatch.claims import Claim
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries, subscriptions
from tests.sending_rows import add_bulletin, add_edition, add_reader

SENDER = 1
NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
CLAIMS = [
    Claim(number, number, f"r{number}@example.org", "", "example.org", "en", 1)
    for number in range(1, 41)
]


def add_claimed(engine: Engine) -> None:
    """Puts the claims into the database, as SENDER's."""
    with writing(engine) as connection:
        add_bulletin(connection, NOW)
        add_edition(connection, NOW)
        assert senders.register(connection, "one.journal", NOW) == SENDER
        for claim in CLAIMS:
            add_reader(connection, NOW, claim.handle)
            form = {"language": "en", "format": "html", "variant": ""}
            row = {"id": claim.delivery_id, "edition_id": 1, "subscriber_id": claim.handle}
            connection.execute(
                insert(deliveries).values(
                    **row, **form, state="sending", attempts=1, sender_id=SENDER
                )
            )


def leave(engine: Engine, claim: Claim) -> None:
    """Unsubscribes whom the claim is for."""
    with writing(engine) as connection:
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.subscriber_id == claim.handle)
            .values(status="unsubscribed")
        )
