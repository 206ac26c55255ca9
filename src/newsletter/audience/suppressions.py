"""Who is not to be mailed, whatever any list says (L4, B6).

One row for each target: an address, a domain, or the seal of somebody erased. What was known first
stays; only what nothing but an import had said gives way to what somebody says here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from newsletter.audience.suppressed_targets import Target, domain_of
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage import audit
from newsletter.storage.schema import suppressions
from newsletter.storage.upserts import upsert
from newsletter.tokens.erasure_seals import ErasureSeals

# Made once: to make a statement takes as long as to run it, and each slice of an import runs these.
_STANDING = select(suppressions).where(
    suppressions.c.target.in_(bindparam("texts", expanding=True))
)
_ANYBODY_ERASED = (
    select(suppressions.c.target).where(suppressions.c.reason == SuppressionReason.ERASED).limit(1)
)

_CONFIRM = (
    update(suppressions)
    .where(
        suppressions.c.target.in_(bindparam("targets", expanding=True)),
        suppressions.c.import_id != bindparam("this"),
    )
    .values(import_id=None)
)


@dataclass(frozen=True, slots=True)
class NewSuppression:
    """What somebody wants suppressed, why, and what shows it; `at` is None for now."""

    target: Target
    reason: SuppressionReason
    evidence: str = ""
    at: datetime | None = None


def suppress(
    connection: Connection, new: NewSuppression, seals: ErasureSeals, *, actor: str, at: datetime
) -> bool:
    """Suppresses an address, on the list or not, or a domain; gives whether that changed anything.

    An erased address is suppressed already, and is not written down again.
    """
    (changed,) = suppress_all(connection, [new], seals, at=at)
    if changed:
        audit.record(
            connection,
            actor=actor,
            action="suppressions add",
            subject=new.target.shown,
            detail=new.reason,
            at=at,
        )
    return changed


def suppress_all(
    connection: Connection, new: Sequence[NewSuppression], seals: ErasureSeals, *, at: datetime
) -> list[bool]:
    """Suppresses a few hundred targets at most; gives for each, in order, whether that changed
    anything. The caller writes the audit's line."""
    texts = [one.target.own_texts(seals) for one in new]
    standing = _standing(connection, [text for each in texts for text in each])
    news: dict[str, NewSuppression] = {}
    changed = []
    for one, own in zip(new, texts, strict=True):
        rows = [standing[text] for text in own if text in standing]
        is_news = one.target.text not in news and all(_gives_way(row, one) for row in rows)
        if is_news:
            news[one.target.text] = one
        changed.append(is_news)
    _insert(connection, [one for text, one in news.items() if text not in standing], at)
    for text in news.keys() & standing.keys():
        _confirm(connection, standing[text], news[text])
    return changed


def bring_suppressions(
    connection: Connection,
    new: Sequence[NewSuppression],
    seals: ErasureSeals,
    *,
    import_id: int,
    at: datetime,
) -> None:
    """Suppresses what a list of another database of ours says, a few hundred targets at most.

    Who was erased here is not written down again (L4); what another import had said is no longer
    that one's alone.
    """
    texts = [one.target.own_texts(seals) for one in new]
    standing = _standing(connection, [text for each in texts for text in each])
    news = [one for one, own in zip(new, texts, strict=True) if standing.keys().isdisjoint(own)]
    _insert(connection, news, at, import_id)
    confirm_suppressions(connection, standing.keys(), import_id)


def confirm_suppressions(connection: Connection, targets: Collection[str], import_id: int) -> None:
    """Lets suppressions that another import brought stand when that one is taken back."""
    if targets:
        connection.execute(_CONFIRM, {"targets": list(targets), "this": import_id})


def lift(
    connection: Connection,
    target: Target,
    seals: ErasureSeals,
    *,
    reason: str,
    actor: str,
    at: datetime,
) -> Suppression:
    """Takes a suppression away, on the record, and gives what it was. That subscribes nobody.

    An address may still be suppressed with its domain afterwards. Raises BadInput without a reason,
    Refused when there is nothing to lift.
    """
    if not reason.strip():
        raise BadInput(
            "a suppression is lifted for a reason only",
            cure="Say why with --reason, such as the person's own request and its date.",
        )
    own = target.own_texts(seals)
    rows = _standing(connection, own)
    if not rows:
        raise _nothing_to_lift(connection, target)
    was = _suppression(next(rows[text] for text in own if text in rows))
    connection.execute(delete(suppressions).where(suppressions.c.target.in_(own)))
    audit.record(
        connection,
        actor=actor,
        action="suppressions lift",
        subject=target.shown,
        detail=f"was {was.reason}; {reason.strip()}",
        at=at,
    )
    return was


def find_suppression(
    connection: Connection, canonical: str, seals: ErasureSeals
) -> Suppression | None:
    """The suppression of a canonical address: its own, its domain's or that of its erasure."""
    return suppressed_among(connection, [canonical], seals).get(canonical)


def suppressed_among(
    connection: Connection, canonicals: Sequence[str], seals: ErasureSeals
) -> dict[str, Suppression]:
    """Which of these canonical addresses, a few hundred at most, may not be mailed or added.

    The one rule for all who add people: an address is suppressed because somebody who had it was
    erased, by itself, or with its domain; the first of them that there is tells why.
    """
    # Nearly always nobody is, and sealing takes longer than all else here.
    erased = _is_anybody_erased(connection)
    sealed = {one: seals.every_seal(one) for one in canonicals} if erased else {}
    domains = {domain_of(one) for one in canonicals}
    texts = [*canonicals, *domains, *(seal for each in sealed.values() for seal in each)]
    standing = _standing(connection, texts)
    if not standing:
        return {}
    found = {}
    for one in canonicals:
        own = (*sealed.get(one, ()), one, domain_of(one))
        row = next((standing[text] for text in own if text in standing), None)
        if row is not None:
            found[one] = _suppression(row)
    return found


def _is_anybody_erased(connection: Connection) -> bool:
    return connection.execute(_ANYBODY_ERASED).first() is not None


def all_suppressions(connection: Connection) -> Iterator[Suppression]:
    """Every suppression, the oldest first; read a few at a time."""
    query = select(suppressions).order_by(suppressions.c.at, suppressions.c.target)
    rows = connection.execute(query.execution_options(yield_per=1000))
    return (_suppression(row) for row in rows)


def _standing(connection: Connection, texts: Sequence[str]) -> dict[str, Row[tuple[object, ...]]]:
    rows = connection.execute(_STANDING, {"texts": texts})
    return {row.target: row for row in rows}


def _gives_way(standing: Row[tuple[object, ...]], new: NewSuppression) -> bool:
    if Target(standing.target).is_seal:
        return False  # an erased address is not written down again
    only_listed = SuppressionReason.IMPORTED
    is_more = standing.reason == only_listed and new.reason is not only_listed
    return standing.import_id is not None or is_more


def _insert(
    connection: Connection,
    new: Sequence[NewSuppression],
    at: datetime,
    import_id: int | None = None,
) -> None:
    if not new:
        return
    rows = [
        {
            "target": one.target.text,
            "reason": one.reason,
            "evidence": one.evidence,
            "at": one.at or at,
            "import_id": import_id,
        }
        for one in new
    ]
    connection.execute(upsert(connection, suppressions).on_conflict_do_nothing(), rows)


def _confirm(
    connection: Connection, standing: Row[tuple[object, ...]], new: NewSuppression
) -> None:
    # No longer the import's alone: undoing that lets this reason stand.
    is_less = new.reason is SuppressionReason.IMPORTED
    connection.execute(
        update(suppressions)
        .where(suppressions.c.target == standing.target)
        .values(
            reason=standing.reason if is_less else new.reason,
            evidence="; ".join(filter(None, (standing.evidence, new.evidence))),
            import_id=None,
        )
    )


def _nothing_to_lift(connection: Connection, target: Target) -> Refused:
    domain = domain_of(target.text)
    if not target.is_domain and domain in _standing(connection, [domain]):
        return Refused(
            f"{target.shown} is not suppressed by itself but with its whole domain, {domain}",
            cure="Lift that, for everybody there:"
            f' `newsletter suppressions lift {domain} --reason "…"`.',
        )
    return Refused(
        f"{target.shown} is not suppressed",
        cure="See what is suppressed with `newsletter suppressions list`.",
    )


def _suppression(row: Row[tuple[object, ...]]) -> Suppression:
    data = row._mapping
    return Suppression(
        target=data["target"],
        reason=SuppressionReason(data["reason"]),
        evidence=data["evidence"],
        at=data["at"],
    )
