"""Filling: what is known stands, and each gap takes its value."""

from __future__ import annotations

from newsletter.mail.filling import Filling, Gap
from newsletter.mail.slots import SlotValues
from tests.sample_messages import VALUES

AS_THEY_ARE = (b"to", b"date", b"id", b"tag", b"view", b"leave", b"prefs", b"words")


class CountingName:
    """A reader's name, which counts how often it is encoded."""

    def __init__(self) -> None:
        self.times = 0

    def encode(self, values: SlotValues) -> bytes:
        self.times += 1
        return values.words["name"].encode()


def test_every_gap_takes_the_value_of_its_place() -> None:
    pieces = [piece for gap in Gap for piece in (gap, b" ")]

    assert Filling(pieces).join(AS_THEY_ARE, VALUES) == b"to date id tag view leave prefs words "


def test_gaps_may_stand_side_by_side_and_at_the_edges() -> None:
    filling = Filling([Gap.TO, Gap.DATE, b"-", b"-", CountingName(), Gap.TO])

    assert filling.join(AS_THEY_ARE, VALUES) == "todate--Siânto".encode()


def test_a_value_at_several_places_is_encoded_once() -> None:
    name = CountingName()
    filling = Filling([b"<", name, b"> <", name, b">", Gap.TO])

    assert filling.join(AS_THEY_ARE, VALUES) == "<Siân> <Siân>to".encode()
    assert name.times == 1


def test_one_reader_leaves_nothing_behind_for_the_next() -> None:
    filling = Filling([Gap.TO, b" ", Gap.VIEW])

    filling.join(AS_THEY_ARE, VALUES)

    assert filling.join((b"x",) * len(Gap), VALUES) == b"x x"
