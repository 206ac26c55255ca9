"""Suppressing an address, and lifting a suppression, by a member of staff."""

from __future__ import annotations

from newsletter.app.workspace import Workspace
from newsletter.audience import suppressions
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing


def suppress(
    workspace: Workspace, address: str, *, reason: SuppressionReason, evidence: str, actor: str
) -> bool:
    """Suppresses an address, on the list or not; gives whether that changed anything.

    Raises BadAddress when it is none.
    """
    parsed = parse_address(address)
    with writing(workspace.engine) as connection:
        return suppressions.suppress(
            connection,
            parsed,
            reason=reason,
            evidence=evidence,
            actor=actor,
            at=workspace.now(),
        )


def lift(workspace: Workspace, address: str, *, reason: str, actor: str) -> Suppression:
    """Takes a suppression away, on the record, and gives what it was; that subscribes nobody.

    Raises BadInput without a reason, Refused when there is nothing to lift.
    """
    parsed = parse_address(address)
    with writing(workspace.engine) as connection:
        return suppressions.lift(connection, parsed, reason=reason, actor=actor, at=workspace.now())


def all_suppressions(workspace: Workspace) -> list[Suppression]:
    """Every suppression, the oldest first."""
    with reading(workspace.engine) as connection:
        return suppressions.all_suppressions(connection)
