"""Suppressing an address or a domain, and lifting a suppression, by a member of staff."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.app.workspace import Workspace
from newsletter.audience import suppressions
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.engine import reading, writing


@dataclass(frozen=True, slots=True)
class Lifted:
    """What was lifted, and what still suppresses the address, as its domain may."""

    was: Suppression
    still: Suppression | None


def suppress(
    workspace: Workspace, target: str, *, reason: SuppressionReason, evidence: str, actor: str
) -> bool:
    """Suppresses an address, on the list or not, or everybody at a domain; gives whether that
    changed anything.

    Raises BadAddress when it is neither.
    """
    new = NewSuppression(parse_target(target), reason, evidence)
    with writing(workspace.engine) as connection:
        return suppressions.suppress(
            connection, new, workspace.seals, actor=actor, at=workspace.now()
        )


def lift(workspace: Workspace, target: str, *, reason: str, actor: str) -> Lifted:
    """Takes a suppression away, on the record; that subscribes nobody.

    Raises BadInput without a reason, Refused when there is nothing to lift.
    """
    parsed, seals = parse_target(target), workspace.seals
    with writing(workspace.engine) as connection:
        was = suppressions.lift(
            connection, parsed, seals, reason=reason, actor=actor, at=workspace.now()
        )
        if parsed.is_domain:
            return Lifted(was, None)
        return Lifted(was, suppressions.find_suppression(connection, parsed.text, seals))


def all_suppressions(workspace: Workspace) -> list[Suppression]:
    """Every suppression, the oldest first."""
    with reading(workspace.engine) as connection:
        return list(suppressions.all_suppressions(connection))
