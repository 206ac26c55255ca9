"""What the servers said last of those deliveries that they did not accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from newsletter.domain.bounces import Verdict, verdict_of
from newsletter.domain.deliveries import DeliveryState
from newsletter.storage.schema import deliveries, subscribers

_NOT_ACCEPTED = (DeliveryState.DEFERRED, DeliveryState.FAILED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, and of how many deliveries to one receiver it said the same.

    `code` is the reply code and `enhanced` that of RFC 3463, each None when there was none;
    `verdict` is None when no server answered. `example` is the id of one of the deliveries. Of
    people who were erased, `receiver` is None.
    """

    receiver: str | None
    is_erased: bool
    state: DeliveryState
    code: int | None
    enhanced: str | None
    verdict: Verdict | None
    number: int
    example: int

    @property
    def is_hard(self) -> bool:
        """Whether these are hard bounces."""
        return self.state is DeliveryState.FAILED and self.verdict is Verdict.HARD


@dataclass(slots=True)
class CodeFigures:
    """How many deliveries have one code and one verdict as the last answer, and at which
    `receivers`, as far as those are known; the fields are those of `Answer`."""

    state: DeliveryState
    code: int | None
    enhanced: str | None
    verdict: Verdict | None
    number: int = 0
    receivers: set[str] = field(default_factory=set)
    example: int = 0


def answers(connection: Connection, edition_id: int) -> Iterator[Answer]:
    """The last answers of the edition's deliveries that are deferred, failed or unknown."""
    for row in connection.execute(_alike(edition_id)):
        state = DeliveryState(row.state)
        verdict = _verdict(state, row.code, row.enhanced, row.words or "")
        told = (row.receiver, row.is_erased, state, row.code, row.enhanced, verdict)
        yield Answer(*told, row.number, row.example)


def by_code(told: Iterable[Answer]) -> list[CodeFigures]:
    """The same by state, code and verdict, the most frequent first."""
    found: dict[tuple[object, ...], CodeFigures] = {}
    for one in told:
        key = (one.state, one.code, one.enhanced, one.verdict)
        figures = found.setdefault(key, CodeFigures(*key))
        figures.number += one.number
        figures.receivers.update(filter(None, (one.receiver,)))
        figures.example = min(figures.example or one.example, one.example)
    return sorted(found.values(), key=lambda figures: (-figures.number, figures.example))


def _alike(edition_id: int) -> Select[Any]:
    # Servers quote the address. Without it thousands of refusals say the same, and are one row.
    without = func.replace(deliveries.c.reply, subscribers.c.address, "")
    without = func.replace(without, subscribers.c.canonical, "")
    rows = (
        select(
            *deliveries.c["id", "state", "receiver", "code", "enhanced"],
            deliveries.c.subscriber_id.is_(None).label("is_erased"),
            func.coalesce(without, deliveries.c.reply).label("words"),
        )
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(deliveries.c.edition_id == edition_id, deliveries.c.state.in_(_NOT_ACCEPTED))
        .subquery()
    )
    alike = rows.c["state", "receiver", "is_erased", "code", "enhanced", "words"]
    return select(
        *alike, func.count().label("number"), func.min(rows.c.id).label("example")
    ).group_by(*alike)


@lru_cache(maxsize=4096)
def _verdict(
    state: DeliveryState, code: int | None, enhanced: str | None, words: str
) -> Verdict | None:
    if code is None:
        return None
    verdict = verdict_of(code, enhanced, words)
    # A hard refusal of a reader is never tried again: this one was of MAIL, which is of us (S4).
    is_of_us = verdict is Verdict.HARD and state is DeliveryState.DEFERRED
    return Verdict.OURS if is_of_us else verdict
