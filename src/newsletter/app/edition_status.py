"""How far an edition has got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsletter.app.freezing import expected_audience
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.dispatch import totals
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class EditionStatus:
    """How an edition stands: `audience` is the sum of the counts, `expected` today's number."""

    edition: StoredEdition
    expected: int
    counts: dict[DeliveryState, int]

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
            "counts": dict(self.counts),
        }


def status(workspace: Workspace, slug: str) -> EditionStatus:
    """How the edition stands now."""
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        counts = totals.counts(connection, stored.id)
        if any(counts.values()):
            expected = sum(counts.values())
        else:
            expected = expected_audience(connection, topic(connection, stored.topic).id)
    return EditionStatus(stored, expected, counts)
