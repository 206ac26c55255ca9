"""Strands: an edition's pending deliveries cut into stretches that are all sent at the same time.

A list is in the order in which people came onto it: those of one import, one language or one
receiver stand together. Taken from the beginning, the last of them would wait for all others (L8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise, zip_longest
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, func, select

from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries

STRANDS = 16
_BEYOND = 2**31 - 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Strands:
    """Stretches of ids that together hold every id, each as the number before its first one and its
    last one."""

    stretches: tuple[tuple[int, int], ...]

    @classmethod
    def of_pending(cls, connection: Connection, edition_id: int) -> Strands:
        """Those between which the edition's pending deliveries are divided evenly, if there are no
        gaps."""
        first, last = connection.execute(_ends(), {"edition": edition_id}).one()
        return cls.between(first or 0, last or 0)

    @classmethod
    def between(cls, first: int, last: int) -> Strands:
        """Those into which the ids from `first` to `last` are divided."""
        width = (last - first + 1) / STRANDS
        inner = (first - 1 + round(width * number) for number in range(1, STRANDS))
        # What became pending again may lie before or behind them.
        return cls(tuple(pairwise([0, *inner, _BEYOND])))

    def as_parameters(self) -> dict[str, int]:
        """The stretches as the values of a statement's `after_0`, `last_0` and so on."""
        return {
            f"{name}_{number}": value
            for number, stretch in enumerate(self.stretches)
            for name, value in zip(("after", "last"), stretch, strict=True)
        }


def by_turns(strands: Iterable[Sequence[T]]) -> Iterator[T]:
    """The first one of each strand, then the second one of each, and so on."""
    rounds = zip_longest(*strands)
    return (one for one in chain.from_iterable(rounds) if one is not None)


@cache
def _ends() -> Select[Any]:
    pending = (
        deliveries.c.edition_id == bindparam("edition"),
        deliveries.c.state == DeliveryState.PENDING,
        deliveries.c.next_attempt_at.is_(None),
    )
    # Each by itself: so the index knows it without a look at the rows between.
    return select(
        select(func.min(deliveries.c.id)).where(*pending).scalar_subquery(),
        select(func.max(deliveries.c.id)).where(*pending).scalar_subquery(),
    )
