"""Why an edition is held, in figures: what its readers' mail systems answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from newsletter.app.workspace import Workspace
from newsletter.dispatch import hard_bounces
from newsletter.dispatch.listed_deliveries import deliveries_in
from newsletter.dispatch.waiting_for_us import refusals_of_us
from newsletter.domain.bounces import Verdict
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class WhyHeld:
    """The reason, with the answers that led to it.

    `codes` says how many deliveries got each (`550 5.1.1`), the most first: those that wait for a
    fault of ours to be mended, or those whose address is none. Of other reasons there are none.
    `answers` is of how many, for hard-bounces.
    """

    reason: HeldReason
    codes: Mapping[str, int] = field(default_factory=dict)
    answers: int = 0

    @property
    def number(self) -> int:
        """How many deliveries got any of the codes."""
        return sum(self.codes.values())


def refusing_codes(connection: Connection, stored: StoredEdition) -> dict[str, int]:
    """How many deliveries of an edition that is being sent wait after a refusal for good, which is
    a fault of ours and no reader's, by its code."""
    if stored.state is not EditionState.SENDING:
        return {}
    codes = refusals_of_us(connection, stored.id)
    return {code: number for code, number in codes.items() if code.startswith("5")}


def why_edition_held(workspace: Workspace, slug: str) -> WhyHeld | None:
    """Why the edition called `slug` is held; None when it is not."""
    with reading(workspace.engine) as connection:
        return why_held(connection, store.edition(connection, slug))


def why_held(connection: Connection, stored: StoredEdition) -> WhyHeld | None:
    """Why an edition is held; None when it is not."""
    if stored.held_reason is HeldReason.OUR_FAULT:
        return WhyHeld(stored.held_reason, refusals_of_us(connection, stored.id))
    if stored.held_reason is HeldReason.HARD_BOUNCES:
        answers, *_ = hard_bounces.standing(connection, stored.id)
        return WhyHeld(stored.held_reason, _hard_codes(connection, stored.id), answers)
    return WhyHeld(stored.held_reason) if stored.held_reason else None


def _hard_codes(connection: Connection, edition_id: int) -> dict[str, int]:
    failed = deliveries_in(connection, edition_id, DeliveryState.FAILED)
    counts = Counter(one.codes for one in failed if one.verdict is Verdict.HARD)
    return dict(counts.most_common())
