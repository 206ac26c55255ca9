"""Which receivers a report names."""

from __future__ import annotations

from collections import defaultdict

from newsletter.domain.deliveries import DeliveryState as State
from newsletter.reporting.figures import Figures
from newsletter.reporting.receiver_lines import receiver_lines


def accepted(number: int) -> Figures:
    return Figures(defaultdict(int, {State.ACCEPTED: number}))


MAIL = {"b.example": accepted(2), "a.example": accepted(2), "c.example": accepted(7)}


def test_the_biggest_are_named_first_and_equals_by_name() -> None:
    lines, others = receiver_lines(MAIL, {}, 3)

    assert [line.receiver for line in lines] == ["c.example", "a.example", "b.example"]
    assert others is None


def test_the_rest_are_one_line_that_adds_up() -> None:
    recent = {"a.example": accepted(20), "c.example": accepted(70), "d.example": accepted(500)}

    lines, others = receiver_lines(MAIL, recent, 1)

    assert [(line.edition.accepted, line.recent.accepted) for line in lines] == [(7, 70)]
    assert others is not None
    assert (others.receiver, others.receivers) == (None, 2)
    assert (others.edition.accepted, others.recent.accepted) == (4, 20)


def test_nobody_is_named_when_nobody_is_to_be() -> None:
    lines, others = receiver_lines(MAIL, {}, 0)

    assert lines == []
    assert others is not None
    assert others.edition.number == 11
