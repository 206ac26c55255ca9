"""Whether refusals come from a fault of ours that the messages of all readers share (S4)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

READERS = 5
"""So many distinct ones share the code (S4)."""

_SHARES = ((READERS, 10), (20, 200))
"""So many readers among so many answers: a few with rules of their own, who happen to come at the
same time, are no reason to stop."""


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

    def __init__(self, *, has_accepted: bool = False) -> None:
        """`has_accepted` says that messages of the edition were accepted before the run."""
        self._latest: dict[str, deque[_Refusal]] = {}
        self._answers = 0
        self._refused = 0
        self._has_accepted = has_accepted
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

    def refused(self, delivery_id: int, receiver: str, code: str, *, is_first: bool) -> None:
        """A message was refused by a fault of ours, `is_first` at its first attempt.

        Who is refused again says nothing new once others were accepted: in the end only those are
        left of an edition who have rules of their own, and all answers are theirs.
        """
        self._answers += 1
        if self._has_accepted and not is_first:
            return
        self._refused += 1
        earlier = self._latest.get(code, ())
        others = (one for one in earlier if one.delivery_id != delivery_id)
        refusal = _Refusal(delivery_id, receiver, self._answers)
        latest = self._latest[code] = deque((*others, refusal), maxlen=_SHARES[-1][0])
        if self.found is None:
            self.found = self._fault(code, list(latest))

    def _fault(self, code: str, latest: list[_Refusal]) -> Fault | None:
        for readers, answers in _SHARES:
            among = latest[-readers:]
            if len(among) == readers and self._answers - among[0].answers < answers:
                receivers = tuple(sorted({one.receiver for one in among}))
                if len(receivers) > 1 or not self._has_accepted:
                    return Fault(code, receivers, readers)
        return None
