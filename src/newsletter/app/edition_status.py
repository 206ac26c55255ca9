"""How far an edition has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsletter.app.edition_audience import expected_audience
from newsletter.app.lateness import is_due
from newsletter.app.pauses import end_pauses
from newsletter.app.quiet_time import QuietTime
from newsletter.app.why_held import WhyHeld, refusing_codes, why_held
from newsletter.app.workspace import Workspace
from newsletter.dispatch import totals
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class EditionStatus:
    """How an edition stands.

    `expected` is the audience, before the freeze today's; `languages` is that by the language of
    the mail; `held` says why it is held, None when it is not; `quiet_until` is when the quiet hours
    are over for which it waits, None when it waits for none; `refused_codes` are the codes by which
    some mail servers refuse us, not the readers, with how many wait for that.
    """

    edition: StoredEdition
    expected: int
    languages: dict[str, int]
    counts: dict[DeliveryState, int]
    held: WhyHeld | None
    quiet_until: datetime | None
    refused_codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def audience(self) -> int:
        """How many people the edition was frozen for."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """The answer with exactly the keys that the command line promises."""
        return {
            "edition": self.edition.slug,
            "state": self.edition.state,
            "reason": self.edition.held_reason,
            "audience": self.audience,
            "expected": self.expected,
            "languages": self.languages,
            "counts": dict(self.counts),
            "held_codes": dict(self.held.codes) if self.held else {},
            "refused_codes": dict(self.refused_codes),
            "quiet_until": self.quiet_until.isoformat() if self.quiet_until else None,
        }


def status(workspace: Workspace, slug: str) -> EditionStatus:
    """How the edition stands now; pauses that are over by now are ended first."""
    end_pauses(workspace)
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        counts = totals.counts(connection, stored.id)
        held = why_held(connection, stored)
        quiet_until = _quiet_until(workspace, stored)
        if any(counts.values()):
            languages = totals.counts_by_language(connection, stored.id)
            refused = refusing_codes(connection, stored)
            audience = sum(counts.values())
            return EditionStatus(stored, audience, languages, counts, held, quiet_until, refused)
        today = expected_audience(connection, workspace, stored)
    return EditionStatus(stored, sum(today.values()), today, counts, held, quiet_until)


def _quiet_until(workspace: Workspace, stored: StoredEdition) -> datetime | None:
    now = workspace.now()
    return QuietTime.of(workspace.settings).over_at(now) if is_due(stored, now) else None
