"""Whether so many of an edition's first addresses are none that a person must look at the list
(B7)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from newsletter.dispatch import totals
from newsletter.dispatch.bounced_readers import is_hard
from newsletter.domain.bounces import Verdict, verdict_of
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.storage.schema import deliveries

FIRST = 200
"""As many answers are looked at; what comes later says nothing new of the list."""

_PART_ALLOWED = 0.05
_ALWAYS_ALLOWED = 3
"""Hard ones that even the shortest list may have."""

_ENOUGH = 20
"""With fewer answers than that, nothing is known of a short list."""


class HardBounceGuard:
    """Looks at the first 200 answers of an edition: accepted, or failed.

    It trips when more than 5 % of them are hard, which is at the eleventh. Of an edition with fewer
    readers it takes 5 % of those, but at least four hard ones, and twenty answers.
    """

    def __init__(self, answers: int, hard: int, readers: int) -> None:
        """`answers` have come already, `hard` of them so, of an edition to so many `readers`."""
        self._answers = answers
        self._hard = hard
        self._allowed = max(_PART_ALLOWED * min(FIRST, readers), _ALWAYS_ALLOWED)
        self._enough = 0 if readers >= FIRST else _ENOUGH
        self._is_tripped = False
        if answers <= FIRST:
            self._look()

    @property
    def is_tripped(self) -> bool:
        """Whether too many were hard; once that is so, it stays so."""
        return self._is_tripped

    def told(self, outcome: Outcome) -> None:
        """What one more attempt came to."""
        if self._answers >= FIRST:
            return
        if outcome.state in (DeliveryState.ACCEPTED, DeliveryState.FAILED):
            self._answers += 1
            self._hard += is_hard(outcome)
        self._look()

    def _look(self) -> None:
        if self._hard > self._allowed and self._answers >= self._enough:
            self._is_tripped = True


def standing(connection: Connection, edition_id: int) -> tuple[int, int, int]:
    """How many answers have come for an edition, how many of them are hard, and how many readers it
    has: what a guard begins with.

    The hard ones of an edition beyond its first 200 answers are not counted: they are 0.
    """
    counts = totals.counts(connection, edition_id)
    answers = counts[DeliveryState.ACCEPTED] + counts[DeliveryState.FAILED]
    hard = _hard(connection, edition_id) if answers <= FIRST else 0
    return answers, hard, sum(counts.values())


def _hard(connection: Connection, edition_id: int) -> int:
    query = select(*deliveries.c["code", "enhanced", "reply"]).where(
        deliveries.c.edition_id == edition_id,
        deliveries.c.state == DeliveryState.FAILED,
        deliveries.c.code.is_not(None),
    )
    rows = connection.execute(query).all()
    return sum(verdict_of(row.code, row.enhanced, row.reply or "") is Verdict.HARD for row in rows)
