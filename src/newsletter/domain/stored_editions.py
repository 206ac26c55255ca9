"""Editions as they are kept, for whoever needs to know where one stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsletter.domain.editions import EditionState, HeldReason


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition's row: where it stands, not what it says.

    `public_id` is 32 random bits, the only id that leaves the house; `revision` is the number of
    the newest revision; `source_digest` is of the bytes of the file it was imported from.
    """

    id: int
    public_id: int
    slug: str
    topic: str
    state: EditionState
    held_reason: HeldReason | None
    held_from: EditionState | None
    revision: int
    source_file: str
    source_digest: str
    scheduled_at: datetime | None
    scheduled_zone: str | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An edition compiled and frozen for sending.

    `messages` and `pages` map each language, in the edition's order, to the JSON of its message
    template and of its page's pieces; both are covered by `digest`.
    """

    digest: str
    approved_by: str
    approved_at: datetime
    messages: Mapping[str, Any]
    pages: Mapping[str, Any]
