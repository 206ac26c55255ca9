"""The edition's states and the ways between them."""

from __future__ import annotations

import pytest

from newsletter.domain.editions import EditionState
from newsletter.domain.errors import Refused
from newsletter.editions.lifecycle import WAYS, Step, check_step


def test_every_step_is_in_the_table() -> None:
    assert set(WAYS) == set(Step)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(EditionState))
def test_a_step_is_refused_from_every_state_that_the_table_does_not_name(
    step: Step, state: EditionState
) -> None:
    if state in WAYS[step].sources:
        check_step(step, "2026-10", state)
        return

    with pytest.raises(Refused, match=f"cannot {step} edition 2026-10: its state is {state}"):
        check_step(step, "2026-10", state)


def test_nothing_that_has_been_sent_can_be_revised() -> None:
    revisable = WAYS[Step.REVISE].sources

    assert not revisable & {EditionState.SENDING, EditionState.HELD, EditionState.COMPLETE}


def test_starting_a_draft_names_the_way_out() -> None:
    with pytest.raises(Refused, match="newsletter edition approve 2026-10"):
        check_step(Step.START, "2026-10", EditionState.DRAFT)
