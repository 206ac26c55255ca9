"""Addresses that are not to be mailed, whatever any list says (L4, B6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, delete, select

from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.mail.addresses import EmailAddress, mask
from newsletter.storage import audit
from newsletter.storage.schema import suppressions
from newsletter.storage.upserts import upsert


def suppress(
    connection: Connection,
    address: EmailAddress,
    *,
    reason: SuppressionReason,
    evidence: str,
    actor: str,
    at: datetime,
) -> bool:
    """Suppresses an address, on the list or not; gives whether that changed anything.

    What was known first stays: a later reason does not overwrite an earlier one.
    """
    row = upsert(connection, suppressions).values(
        target=address.canonical, reason=reason, evidence=evidence, at=at
    )
    if not connection.execute(row.on_conflict_do_nothing()).rowcount:
        return False
    audit.record(
        connection,
        actor=actor,
        action="suppressions add",
        subject=mask(address.typed),
        detail=reason,
        at=at,
    )
    return True


def lift(
    connection: Connection, address: EmailAddress, *, reason: str, actor: str, at: datetime
) -> Suppression:
    """Takes a suppression away, on the record, and gives what it was.

    That subscribes nobody. Raises BadInput without a reason, Refused when there is nothing to lift.
    """
    if not reason.strip():
        raise BadInput(
            "a suppression is lifted for a reason only",
            cure="Say why with --reason, such as the person's own request and its date.",
        )
    found = find_suppression(connection, address.canonical)
    if found is None:
        raise Refused(
            f"{mask(address.typed)} is not suppressed",
            cure="See the suppressed addresses with `newsletter suppressions list`.",
        )
    connection.execute(delete(suppressions).where(suppressions.c.target == address.canonical))
    audit.record(
        connection,
        actor=actor,
        action="suppressions lift",
        subject=mask(address.typed),
        detail=f"was {found.reason}; {reason.strip()}",
        at=at,
    )
    return found


def find_suppression(connection: Connection, canonical: str) -> Suppression | None:
    """The suppression of a canonical address, or None."""
    return suppressed_among(connection, [canonical]).get(canonical)


def suppressed_among(connection: Connection, canonicals: Sequence[str]) -> dict[str, Suppression]:
    """Which of these canonical addresses are suppressed."""
    query = select(suppressions).where(suppressions.c.target.in_(canonicals))
    return {row.target: _suppression(row) for row in connection.execute(query)}


def all_suppressions(connection: Connection) -> list[Suppression]:
    """Every suppression, the oldest first."""
    query = select(suppressions).order_by(suppressions.c.at, suppressions.c.target)
    return [_suppression(row) for row in connection.execute(query)]


def _suppression(row: Row[tuple[object, ...]]) -> Suppression:
    data = row._mapping
    return Suppression(
        target=data["target"],
        reason=SuppressionReason(data["reason"]),
        evidence=data["evidence"],
        at=data["at"],
    )
