"""Whose mail is stopped for good: nobody but staff may have it start again.

What a mailbox or a complaint told of an address, and that somebody who had it was erased, gives way
to a fresh double opt-in (B6). That the person asked for no mail, that staff said so, and that a
whole domain wants none does not: such an address is not even asked to confirm anything (T14).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from newsletter.audience.seal_evidence import reasons_before, suppressed_before
from newsletter.audience.suppressed_targets import Target, domain_of
from newsletter.domain.people import READER, SuppressionReason
from newsletter.storage import audit
from newsletter.storage.schema import suppressions
from newsletter.tokens.erasure_seals import ErasureSeals

_LASTING = frozenset({SuppressionReason.REQUEST, SuppressionReason.MANUAL})
_EVIDENCE = "asked for on the page of a confirmation"


def is_stopped(connection: Connection, canonical: str, seals: ErasureSeals) -> bool:
    """Whether mail to the canonical address is stopped for good."""
    texts = (*Target(canonical).own_texts(seals), domain_of(canonical))
    return any(_is_lasting(row) for row in _rows(connection, texts))


def stop(connection: Connection, canonical: str, seals: ErasureSeals, *, at: datetime) -> bool:
    """Stops mail to the address by the wish of whoever reads there; gives whether it was not yet.

    It outlasts what was known of the address before. Of one that was erased the seal says it.
    """
    rows = _rows(connection, Target(canonical).own_texts(seals))
    if any(_is_lasting(row) for row in rows):
        return False
    if rows:
        _make_lasting(connection, rows[0], at)
    else:
        _insert(connection, canonical, at)
    audit.record(
        connection,
        actor=READER,
        action="suppressions add",
        subject=Target(canonical).shown,
        detail=SuppressionReason.REQUEST,
        at=at,
    )
    return True


def _rows(connection: Connection, texts: tuple[str, ...]) -> list[Row[tuple[object, ...]]]:
    query = select(suppressions).where(suppressions.c.target.in_(texts))
    return list(connection.execute(query))


def _is_lasting(row: Row[tuple[object, ...]]) -> bool:
    target = Target(row.target)
    if target.is_seal:
        return not _LASTING.isdisjoint(reasons_before(row.evidence))
    return target.is_domain or row.reason in _LASTING


def _make_lasting(connection: Connection, row: Row[tuple[object, ...]], at: datetime) -> None:
    reason = SuppressionReason.REQUEST
    if Target(row.target).is_seal:
        values = {"evidence": row.evidence + suppressed_before(reason, at)}
    else:
        evidence = "; ".join(filter(None, (row.evidence, _EVIDENCE)))
        values = {"reason": reason, "evidence": evidence}
    query = update(suppressions).where(suppressions.c.target == row.target)
    # No longer an import's alone: to undo that shall not undo this.
    connection.execute(query.values(import_id=None, **values))


def _insert(connection: Connection, canonical: str, at: datetime) -> None:
    connection.execute(
        insert(suppressions).values(
            target=canonical, reason=SuppressionReason.REQUEST, evidence=_EVIDENCE, at=at
        )
    )
