"""Whether refusals come from a fault of ours that the messages of all readers share (S4)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

READERS = 5
"""So many distinct ones share the code (S4)."""

_ANSWERS = 50
"""The readers are a tenth of these or more: a few with rules of their own, among thousands, are no
reason to stop."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a run must end: so many `readers` of these `receivers` were refused with this `code`
    (`550 5.7.515`)."""

    code: str
    receivers: tuple[str, ...]
    readers: int


@dataclass(frozen=True, slots=True)
class _Refusal:
    delivery_id: int
    receiver: str
    answers: int  # that had come until then


class OurFaults:
    """The refusals of one run by faults of ours."""

    def __init__(self) -> None:
        self._latest: dict[str, deque[_Refusal]] = {}
        self._answers = 0
        self._refused = 0
        self._has_accepted = False
        self.found: Fault | None = None

    def allows(self, under_way: int) -> bool:
        """Whether one more message may be under way beside so many: until one was accepted, five
        readers at most may meet the same fault."""
        return self._has_accepted or under_way < max(1, READERS - self._refused)

    def accepted(self) -> None:
        """A message was accepted."""
        self._answers += 1
        self._has_accepted = True

    def answered(self) -> None:
        """A message came to something that is no fault of ours."""
        self._answers += 1

    def refused(self, delivery_id: int, receiver: str, code: str) -> None:
        """A message was refused by a fault of ours."""
        self._answers += 1
        self._refused += 1
        earlier = self._latest.get(code, ())
        others = (one for one in earlier if one.delivery_id != delivery_id)
        refusal = _Refusal(delivery_id, receiver, self._answers)
        latest = self._latest[code] = deque((*others, refusal), maxlen=READERS)
        if self.found is None and self._is_of_all(latest):
            receivers = tuple(sorted({one.receiver for one in latest}))
            self.found = Fault(code, receivers, len(latest))

    def _is_of_all(self, latest: deque[_Refusal]) -> bool:
        if len(latest) < READERS or self._answers - latest[0].answers >= _ANSWERS:
            return False
        is_of_several = len({one.receiver for one in latest}) > 1
        return is_of_several or not self._has_accepted
