"""What a person has asked for lately, so that nobody asks for the same again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from newsletter.domain.requests import RequestKind
from newsletter.storage.schema import requests


@dataclass(frozen=True, slots=True)
class AskedLately:
    """One request: when, and with which details."""

    at: datetime
    details: Mapping[str, Any]


def asked_lately(
    connection: Connection, canonical: str, kind: RequestKind, since: datetime
) -> list[AskedLately]:
    """The requests of this kind of whoever has the canonical address, made since then."""
    query = select(requests.c.asked_at, requests.c.details).where(
        requests.c.canonical == canonical, requests.c.kind == kind, requests.c.asked_at > since
    )
    return [AskedLately(row.asked_at, row.details) for row in connection.execute(query)]
