"""A change of address is two requests, one for each mailbox: finding the one from the other.

Their details are the same: `old_address` and `new_address` as they were typed, a random `pair` that
no other two share, and, when both were confirmed, the `result`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from newsletter.audience.requests.finding import by_handle
from newsletter.domain.requests import Request, RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.schema import requests
from newsletter.tokens.random_ids import new_handle

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


def record_result(connection: Connection, ends: Iterable[Request], result: str) -> None:
    """Writes down at both ends what came of the change."""
    for one in ends:
        details = {**one.details, "result": result}
        connection.execute(update(requests).where(requests.c.id == one.id).values(details=details))
