"""Deliveries that a person decides about: failed ones to be tried once more, unknown ones to be
sent again or taken for accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.audited_steps import take_step
from newsletter.app.workspace import Workspace
from newsletter.dispatch.decisions import accept_unknown, resend_unknown, retry_failed
from newsletter.dispatch.listed_deliveries import Standing, standings
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.errors import Refused
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.storage import audit
from newsletter.storage.engine import writing

_MOST_NAMED = 10
"""Most deliveries that a refusal names one by one."""


def retry(workspace: Workspace, slug: str, *, actor: str) -> int:
    """Makes all that failed pending again, and an edition that was complete go on; gives the
    number.

    People who were erased since are left out. Raises Refused when nothing is left that failed, or
    when the edition is not sending or complete; SurroundingsFailed on a copy of the database.
    """
    workspace.live_copy.require_live()
    now = workspace.now()
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        check_step(Step.REOPEN, slug, stored.state)
        number = retry_failed(connection, stored.id, now)
        if not number:
            raise Refused(f"nothing of edition {slug} failed that could be tried once more")
        _reopen(
            connection, stored, f"to be tried once more: {number} that failed", actor=actor, at=now
        )
    return number


def resend(workspace: Workspace, slug: str, ids: Collection[int] | None, *, actor: str) -> int:
    """Makes these unknown deliveries pending again, to be sent with the same Message-ID (S9), and
    an edition that was complete go on; gives the number.

    `ids` are ids of deliveries, None means all that are unknown, but for people who were erased
    since. Raises Refused, and changes nothing, when one of them is not unknown, when there is
    none, or when the edition is not sending or complete; SurroundingsFailed on a copy of the
    database.
    """
    workspace.live_copy.require_live()
    now = workspace.now()
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        check_step(Step.REOPEN, slug, stored.state)
        if ids is not None:
            _check_unknown(connection, stored, ids, may_be_erased=False)
        number = resend_unknown(connection, stored.id, ids, now)
        _check_any(slug, number)
        _reopen(
            connection,
            stored,
            f"to be sent again, unknown before: {_named(ids, number)}",
            actor=actor,
            at=now,
        )
    return number


def mark_accepted(
    workspace: Workspace, slug: str, ids: Collection[int] | None, *, actor: str
) -> int:
    """Takes the actor's word for it that the relay has these unknown deliveries (S9); gives the
    number.

    `ids` as in `resend`. Raises Refused, and changes nothing, when one of them is not unknown, or
    when there is none; SurroundingsFailed on a copy of the database.
    """
    workspace.live_copy.require_live()
    now = workspace.now()
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        if ids is not None:
            _check_unknown(connection, stored, ids, may_be_erased=True)
        number = accept_unknown(connection, stored.id, ids, now)
        _check_any(slug, number)
        audit.record(
            connection,
            actor=actor,
            action="send unknown",
            subject=slug,
            detail=f"taken for accepted: {_named(ids, number)}",
            at=now,
        )
    return number


def _reopen(
    connection: Connection, stored: StoredEdition, detail: str, *, actor: str, at: datetime
) -> None:
    take_step(connection, stored, Step.REOPEN, actor=actor, at=at, detail=detail)
    store.set_released(connection, stored, at)  # an edition of last month is not late for it (S11)


def _check_unknown(
    connection: Connection, stored: StoredEdition, ids: Collection[int], *, may_be_erased: bool
) -> None:
    found = standings(connection, stored.id, ids)
    faults = list(_faults(found, ids, may_be_erased=may_be_erased))
    if faults:
        more = f"; and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
        raise Refused(
            f"nothing of edition {stored.slug} was changed: "
            + "; ".join(faults[:_MOST_NAMED])
            + more,
            cure=f"See which are unknown with `newsletter send unknown {stored.slug}`.",
        )


def _faults(
    found: dict[int, Standing], ids: Collection[int], *, may_be_erased: bool
) -> Iterator[str]:
    for delivery_id in sorted(ids):
        its = found.get(delivery_id)
        if its is None:
            yield f"it has no delivery {delivery_id}"
        elif its.state is not DeliveryState.UNKNOWN:
            yield f"delivery {delivery_id} is {its.state}"
        elif its.is_erased and not may_be_erased:
            yield f"delivery {delivery_id} was for somebody who has been erased"


def _check_any(slug: str, number: int) -> None:
    if not number:
        raise Refused(f"no delivery of edition {slug} is unknown")


def _named(ids: Collection[int] | None, number: int) -> str:
    return f"all {number}" if ids is None else ", ".join(map(str, sorted(ids)))
