"""Confirmations: a person says that a language still says what the first one says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from newsletter.domain.stored_editions import StoredEdition
from newsletter.storage.schema import edition_confirmations


def confirm(
    connection: Connection, stored: StoredEdition, language: str, *, actor: str, at: datetime
) -> None:
    """Keeps that `language` of the newest revision says what the first language says."""
    connection.execute(
        insert(edition_confirmations).values(
            edition_id=stored.id, revision=stored.revision, language=language, actor=actor, at=at
        )
    )


def confirmations(connection: Connection, stored: StoredEdition) -> dict[str, set[int]]:
    """The numbers of the revisions at which each language was confirmed."""
    query = select(edition_confirmations.c.language, edition_confirmations.c.revision).where(
        edition_confirmations.c.edition_id == stored.id
    )
    found: dict[str, set[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.language, set()).add(row.revision)
    return found
