"""The deliveries of one edition, split up by where they went. The parts add up to its audience."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from newsletter.domain.deliveries import DeliveryState
from newsletter.reporting.answers import Answer, answers
from newsletter.reporting.complaints import Place
from newsletter.reporting.figures import Figures, Standing, total
from newsletter.reporting.tallies import Tally, retired, tallies


@dataclass(frozen=True)
class Split:
    """What became of an edition's deliveries.

    `receivers` holds those of which the receiver is noted, by its domain; `unplaced` those that
    were not tried yet, `erased` those of people who were erased since, `retired` those whose
    rows retention has taken away. `at_once` of them were accepted at the first attempt; `answers`
    is what the servers said of those that were not accepted.
    """

    receivers: Mapping[str, Figures]
    unplaced: Figures
    erased: Figures
    retired: Figures
    at_once: int
    answers: Sequence[Answer]

    @cached_property
    def standing(self) -> Standing:
        """All of them together, and those of which the receiver is noted."""
        rest = (self.unplaced, self.erased, self.retired)
        return Standing(self.receivers, total((*self.receivers.values(), *rest)))


def split(connection: Connection, edition_id: int, complaints: Mapping[Place, int]) -> Split:
    """Adds up the edition's deliveries; `complaints` are those of this and other editions."""
    counted = list(tallies(connection, edition_id))
    heard = list(answers(connection, edition_id))
    found = _Places()
    found.count(counted)
    found.count_hard(heard)
    found.count_complaints(edition_id, complaints)
    return Split(
        receivers=dict(found.receivers),
        unplaced=found.unplaced,
        erased=found.erased,
        retired=Figures(retired(connection, edition_id)),
        at_once=sum(one.at_once for one in counted if one.state is DeliveryState.ACCEPTED),
        answers=heard,
    )


class _Places:
    def __init__(self) -> None:
        self.receivers: defaultdict[str, Figures] = defaultdict(Figures)
        self.unplaced = Figures()
        self.erased = Figures()

    def _at(self, receiver: str | None, *, is_erased: bool = False) -> Figures:
        if receiver is not None:
            return self.receivers[receiver]
        return self.erased if is_erased else self.unplaced

    def count(self, counted: Iterable[Tally]) -> None:
        for one in counted:
            erased = one.number - one.named if one.receiver is None else 0
            if one.number > erased:
                self._at(one.receiver).count(one.state, one.number - erased, one.last_at)
            if erased:
                self.erased.count(one.state, erased, one.last_at)

    def count_hard(self, heard: Iterable[Answer]) -> None:
        for one in heard:
            if one.is_hard:
                self._at(one.receiver, is_erased=one.is_erased).hard += one.number

    def count_complaints(self, edition_id: int, complaints: Mapping[Place, int]) -> None:
        for (edition, receiver), number in complaints.items():
            if edition == edition_id:
                self._at(receiver).complaints += number
