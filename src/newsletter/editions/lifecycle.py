"""The states of an edition and every way from one to another, written out as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from newsletter.domain.editions import EditionState as State
from newsletter.domain.errors import Refused


class Step(StrEnum):
    """What may be done to an edition."""

    REVISE = "revise"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    START = "start"
    HOLD = "hold"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    CANCEL = "cancel"
    REOPEN = "reopen"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step may be taken, and to which it leads.

    `to` is None for `resume`, which goes back to where the edition was when it was held; a paused
    one goes back to sending.
    """

    sources: frozenset[State]
    to: State | None


WAYS: Mapping[Step, Way] = MappingProxyType(
    {
        # Changing an edition takes its approval and its time away: nobody approved the new words.
        Step.REVISE: Way(frozenset({State.DRAFT, State.APPROVED, State.SCHEDULED}), State.DRAFT),
        Step.APPROVE: Way(frozenset({State.DRAFT, State.APPROVED}), State.APPROVED),
        Step.SCHEDULE: Way(frozenset({State.APPROVED, State.SCHEDULED}), State.SCHEDULED),
        Step.UNSCHEDULE: Way(frozenset({State.SCHEDULED}), State.APPROVED),
        Step.START: Way(frozenset({State.APPROVED, State.SCHEDULED}), State.SENDING),
        Step.HOLD: Way(
            frozenset({State.APPROVED, State.SCHEDULED, State.SENDING, State.PAUSED}), State.HELD
        ),
        Step.PAUSE: Way(frozenset({State.SENDING}), State.PAUSED),
        Step.RESUME: Way(frozenset({State.HELD, State.PAUSED}), None),
        Step.COMPLETE: Way(frozenset({State.SENDING}), State.COMPLETE),
        Step.CANCEL: Way(
            frozenset({State.APPROVED, State.SCHEDULED, State.SENDING, State.PAUSED, State.HELD}),
            State.CANCELLED,
        ),
        # Deliveries that failed or are unknown are to be tried once more.
        Step.REOPEN: Way(frozenset({State.SENDING, State.COMPLETE}), State.SENDING),
        Step.RESET: Way(
            frozenset({State.SENDING, State.PAUSED, State.HELD, State.COMPLETE, State.CANCELLED}),
            State.APPROVED,
        ),
    }
)

_CURES: Mapping[tuple[Step, State], str] = MappingProxyType(
    {
        (Step.SCHEDULE, State.DRAFT): "Approve it first: newsletter edition approve {slug}",
        (Step.START, State.DRAFT): "Approve it first: newsletter edition approve {slug}",
        (Step.START, State.HELD): "See why with `newsletter send status {slug}`, mend it, then run"
        " `newsletter send resume {slug}`.",
        (Step.START, State.PAUSED): "Let it go on with `newsletter send resume {slug}`.",
        (Step.START, State.COMPLETE): "Who did not get it: `newsletter send failures {slug}`.",
        (Step.PAUSE, State.SCHEDULED): "Take its time away: newsletter edition unschedule {slug}",
        (Step.REOPEN, State.PAUSED): "Let it go on first: newsletter send resume {slug}",
        (
            Step.REOPEN,
            State.CANCELLED,
        ): "It was called off for good. To send it after all, give it a"
        " slug of its own and import that.",
        (Step.REOPEN, State.HELD): "See why with `newsletter send status {slug}`, mend it, then run"
        " `newsletter send resume {slug}`.",
        (Step.APPROVE, State.SCHEDULED): "It is approved already. To approve it anew, first run"
        " `newsletter edition unschedule {slug}`.",
        (Step.REVISE, State.SENDING): "Give the changed edition a slug of its own and send that.",
        (Step.REVISE, State.HELD): "Let it go on first: newsletter send resume {slug}",
        (Step.REVISE, State.PAUSED): "Give the changed edition a slug of its own and send that.",
        (Step.REVISE, State.CANCELLED): "Give the changed edition a slug of its own and send that.",
        (Step.REVISE, State.COMPLETE): "Give the changed edition a slug of its own and send that.",
    }
)


def check_step(step: Step, slug: str, state: State) -> None:
    """Raises Refused, naming the way out, when `step` may not be taken from `state`."""
    if state in WAYS[step].sources:
        return
    cure = _CURES.get((step, state))
    raise Refused(
        f"cannot {step} edition {slug}: its state is {state}",
        cure=cure.format(slug=slug) if cure else None,
    )
