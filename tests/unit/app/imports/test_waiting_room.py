"""Where people wait, sorted, until they go into the database."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.imports.waiting_room import Waiting, WaitingRoom, waiting_room
from newsletter.domain.errors import SurroundingsFailed

WAITING = st.builds(
    Waiting,
    canonical=st.sampled_from(["a@example.org", "b@example.org", "á@example.org", "B@example.org"]),
    rank=st.integers(0, 2),
    line=st.integers(2, 9),
    payload=st.text(max_size=3).filter(lambda text: "\0" not in text and text.isprintable()),
)


@given(st.lists(WAITING))
def test_everybody_comes_out_by_address_and_one_row_of_each_counts(people: list[Waiting]) -> None:
    with waiting_room() as room:
        for one in people:
            room.add(one)
        number, out = len(room), list(room.in_order())

    assert number == len(people)
    assert sorted(one for one, _ in out) == sorted(people)
    addresses = [one.canonical for one, _ in out]
    assert addresses == sorted(addresses)
    counting = [one for one, counts in out if counts]
    assert len(counting) == len(set(addresses))
    for one in counting:
        rivals = [other for other in people if other.canonical == one.canonical]
        assert (-one.rank, one.line) == min((-other.rank, other.line) for other in rivals)


def test_more_people_than_are_kept_in_memory_come_out_whole() -> None:
    with waiting_room() as room:
        for number in reversed(range(2500)):
            room.add(Waiting(f"{number:05d}@example.org", 0, number, ""))

        lines = [one.line for one, _ in room.in_order()]

    assert lines == list(range(2500))


def test_a_full_disk_is_told_with_the_cure() -> None:
    with pytest.raises(SurroundingsFailed, match="sorted on the disk") as told, waiting_room() as _:
        raise sqlite3.OperationalError("database or disk is full")

    assert "TMPDIR" in told.value.what
    assert "nothing was imported" in str(told.value.cure)


def test_a_room_on_a_disk_without_room_raises_the_databases_own_error() -> None:
    scratch = sqlite3.connect(":memory:", isolation_level=None)
    scratch.execute("CREATE TABLE waiting (canonical TEXT, rank INT, line INT, payload TEXT)")
    scratch.execute("PRAGMA max_page_count = 5")
    room = WaitingRoom(scratch)
    room.add(Waiting("ann@example.org", 0, 2, "x" * 100_000))

    with pytest.raises(sqlite3.OperationalError, match="full"):
        list(room.in_order())
    scratch.close()
