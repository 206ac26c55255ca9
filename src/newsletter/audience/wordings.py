"""What people were told when they subscribed, each wording kept once (L1)."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, select

from newsletter.domain.people import Wording
from newsletter.storage.schema import wordings
from newsletter.storage.upserts import upsert


def wording_id(connection: Connection, wording: Wording | None) -> int | None:
    """The number of the row that keeps `wording`, which is written when it is new; None for None
    and for an empty text."""
    if wording is None or not wording.text:
        return None
    digest = _digest(wording)
    row = upsert(connection, wordings).values(
        digest=digest, language=wording.language, version=wording.version, text=wording.text
    )
    connection.execute(row.on_conflict_do_nothing(index_elements=["digest"]))
    found: int = connection.execute(
        select(wordings.c.id).where(wordings.c.digest == digest)
    ).scalar_one()
    return found


def _digest(wording: Wording) -> str:
    whole = "\x1f".join((wording.language, wording.version, wording.text))
    return hashlib.sha256(whole.encode()).hexdigest()
