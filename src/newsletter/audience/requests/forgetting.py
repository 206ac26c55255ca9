"""Forgetting requests: those of somebody erased, and those whose time is over (L4, L6).

Notices may refer to a request; whoever forgets one has to see to them first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, or_, select, update

from newsletter.domain.request_limits import LONGEST
from newsletter.domain.requests import RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import requests

_OF_TWO_ADDRESSES = (RequestKind.ADDRESS_FROM, RequestKind.ADDRESS_TO)
_ended_at: ColumnElement[datetime] = func.coalesce(requests.c.settled_at, requests.c.expires_at)


def about(connection: Connection, canonical: str, until: datetime | None = None) -> Select[Any]:
    """The ids of the requests of whoever has the canonical address, and of the changes of another
    address that name it; of whoever had it `until` then. Somebody may have made tens of thousands:
    they are not counted here."""
    changes = select(requests.c.id, requests.c.details).where(
        requests.c.kind.in_(_OF_TWO_ADDRESSES)
    )
    naming = [row.id for row in connection.execute(changes) if _names(row.details, canonical)]
    found = select(requests.c.id).where(
        or_(requests.c.canonical == canonical, requests.c.id.in_(naming))
    )
    return found if until is None else found.where(requests.c.asked_at <= until)


def remove(connection: Connection, ids: Sequence[int] | Select[Any]) -> int:
    """Removes these requests, to which no notice refers any more; gives their number."""
    return connection.execute(delete(requests).where(requests.c.id.in_(ids))).rowcount


def over(before: datetime, *, at: datetime) -> Select[Any]:
    """The requests that were confirmed, or could be no longer, before then: id, at.

    What the limits of `domain.request_limits` count stays for as long as they look back.
    """
    is_counted = requests.c.asked_at > at - LONGEST
    return select(requests.c.id, _ended_at.label("at")).where(_ended_at < before, ~is_counted)


def old_ips(before: datetime) -> Select[Any]:
    """The requests from before then that still hold an IP address: id, at."""
    return select(requests.c.id, requests.c.asked_at.label("at")).where(
        requests.c.ip.is_not(None), requests.c.asked_at < before
    )


def blank_ips(connection: Connection, ids: Sequence[int]) -> int:
    """Takes the IP address out of these requests; gives their number."""
    return connection.execute(
        update(requests).where(requests.c.id.in_(ids)).values(ip=None)
    ).rowcount


def _names(details: Mapping[str, Any], canonical: str) -> bool:
    """Whether the details of a change of address name the canonical address."""
    both = (details.get("old_address"), details.get("new_address"))
    return any(one and parse_address(one).canonical == canonical for one in both)
