"""A change of address is two requests, one for each mailbox: finding the one from the other.

Their details are the same: `old_address` and `new_address` as they were typed, a random `pair` that
no other two share, and, when both were confirmed, the `result`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from newsletter.audience.requests.finding import by_handle
from newsletter.domain.requests import Request, RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import requests
from newsletter.tokens.random_ids import new_handle

CHANGED = "changed"
"""The result of a change that was made; any other says why it was not."""

_OTHER = {
    RequestKind.ADDRESS_FROM: (RequestKind.ADDRESS_TO, "new_address"),
    RequestKind.ADDRESS_TO: (RequestKind.ADDRESS_FROM, "old_address"),
}


def new_details(old_address: str, new_address: str) -> dict[str, str]:
    """The details of two new requests."""
    return {
        "pair": f"{new_handle():x}",
        "old_address": old_address,
        "new_address": new_address,
    }


def other_end(connection: Connection, request: Request) -> Request | None:
    """The request for the other mailbox; None when it is kept no more."""
    kind, name = _OTHER[request.kind]
    canonical = parse_address(request.details[name]).canonical
    query = select(requests.c.handle, requests.c.details)
    rows = connection.execute(
        query.where(requests.c.canonical == canonical, requests.c.kind == kind)
    )
    handles = [row.handle for row in rows if row.details["pair"] == request.details["pair"]]
    return by_handle(connection, handles[0]) if handles else None


def addresses_had(connection: Connection, canonical: str) -> dict[str, datetime | None]:
    """The canonical addresses of whoever has this one now, for as long as the requests are kept by
    which they came to it, in several steps perhaps: each with the moment in which they left it,
    None for this one, which comes last."""
    return {**_moved_from(connection, canonical), canonical: None}


def _moved_from(connection: Connection, canonical: str) -> Mapping[str, datetime]:
    query = select(*requests.c["details", "settled_at"]).where(requests.c.kind.in_(_OTHER))
    moves = [one for one in connection.execute(query) if one.details.get("result") == CHANGED]
    found: dict[str, datetime] = {}
    reached = [canonical]
    while reached:
        there = reached.pop()
        for move in moves:
            old = parse_address(move.details["old_address"]).canonical
            if parse_address(move.details["new_address"]).canonical == there != old:
                reached += [] if old in found else [old]
                # The change is made when the second of the two mailboxes has confirmed it.
                found[old] = max(found.get(old, move.settled_at), move.settled_at)
    return found


def record_result(connection: Connection, ends: Iterable[Request], result: str) -> None:
    """Writes down at both ends what came of the change."""
    for one in ends:
        details = {**one.details, "result": result}
        connection.execute(update(requests).where(requests.c.id == one.id).values(details=details))
