"""The journal of a sending process: what it says after any end of its process."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch import journal as journal_module
from newsletter.dispatch import journal_records
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.journal_records import (
    LONGEST_RECORD,
    Attempt,
    JournalUnreadable,
    database_of,
    read_journal,
)
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.errors import SurroundingsFailed

ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, "2.0.0", "kept as 7F3A")
LOST = Outcome(DeliveryState.UNKNOWN, None, None, "The connection was lost")
ONE, TWO, THREE = (1, 1), (2, 1), (3, 2)

attempts = st.tuples(st.integers(1, 2**63 - 1), st.integers(1, 2**32 - 1))
outcomes = st.builds(
    Outcome,
    st.sampled_from(
        [
            DeliveryState.ACCEPTED,
            DeliveryState.DEFERRED,
            DeliveryState.FAILED,
            DeliveryState.UNKNOWN,
        ]
    ),
    st.none() | st.integers(200, 599),
    st.none() | st.from_regex(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=500),
)


@contextmanager
def a_journal(folder: Path, *, is_power_safe: bool = False) -> Iterator[Journal]:
    journal = Journal.create(folder, "this database", is_power_safe=is_power_safe)
    try:
        yield journal
    finally:
        journal.close()


def test_a_journal_says_what_was_answered_and_what_was_not(tmp_path: Path) -> None:
    with a_journal(tmp_path) as journal:
        for attempt in (ONE, TWO):
            journal.begun(attempt)
        journal.came_to(ONE, ACCEPTED)
        journal.came_to(THREE, LOST)

        content = read_journal(journal.file)

    assert content.outcomes == {ONE: ACCEPTED, THREE: LOST}
    assert content.unanswered == {TWO}
    assert content.is_whole


def test_a_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    """X13: servers' words often quote an address."""
    with a_journal(tmp_path / "journals") as journal:
        assert journal.file.stat().st_mode & 0o777 == 0o600
        assert journal.file.parent.stat().st_mode & 0o777 == 0o700


@given(told=st.lists(st.tuples(attempts, outcomes), unique_by=lambda one: one[0], max_size=20))
def test_whatever_is_told_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[Attempt, Outcome]]
) -> None:
    with a_journal(tmp_path_factory.mktemp("journals")) as journal:
        for attempt, outcome in told:
            journal.begun(attempt)
            journal.came_to(attempt, outcome)

        assert read_journal(journal.file).outcomes == dict(told)


@given(cut=st.integers(0, 200))
def test_a_journal_cut_off_anywhere_says_what_came_before(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    """A process dies in the middle of a write, and a file system keeps the beginning of it."""
    with a_journal(tmp_path_factory.mktemp("journals")) as journal:
        ends = [journal._end]
        for attempt in (ONE, TWO, THREE):
            journal.begun(attempt)
            ends.append(journal._end)
        whole = journal.file.read_bytes()[: journal._end]
    end = max(ends[0], len(whole) - cut)
    journal.file.write_bytes(whole[:end])

    content = read_journal(journal.file)

    written = sum(end >= place for place in ends[1:])
    assert content.unanswered == set([ONE, TWO, THREE][:written])


@pytest.mark.parametrize(
    "database", ["bulletin (system 7, timeline 00000001)", "/" * 4095, "ŵ" * 4095]
)
def test_a_journal_says_of_which_database_it_is_also_when_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setattr(journal_module, "_COMPACT_ABOVE", 0)
    journal = Journal.create(tmp_path, database, is_power_safe=False)
    journal.begun(ONE)
    before = database_of(journal.file)
    journal.settle([])

    assert (before, database_of(journal.file)) == (database, database)
    assert read_journal(journal.file).unanswered == {ONE}
    journal.close()


@pytest.mark.parametrize("content", [None, b"", b"newsletter journal 1\n", b"something else"])
def test_what_is_missing_or_no_journal_does_not_say_of_which_database_it_is(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "one.journal"
    if content is not None:
        file.write_bytes(content)

    assert database_of(file) is None


def test_room_that_was_never_used_is_the_end(tmp_path: Path) -> None:
    with a_journal(tmp_path) as journal:
        journal.begun(ONE)

        assert journal.file.stat().st_size > journal._end
        assert read_journal(journal.file).unanswered == {ONE}


@pytest.mark.parametrize("content", [None, b"", b"something else altogether"])
def test_what_is_missing_or_no_journal_cannot_be_read(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "one.journal"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(JournalUnreadable):
        read_journal(file)


def test_a_journal_damaged_in_its_midst_cannot_be_read(tmp_path: Path) -> None:
    """What follows the damage may be anything: nothing of it is certain."""
    with a_journal(tmp_path) as journal:
        for number in range(500):
            journal.begun((number, 1))
        data = bytearray(journal.file.read_bytes())
    data[len(data[: journal._end]) // 2] ^= 0xFF
    journal.file.write_bytes(data)

    with pytest.raises(JournalUnreadable, match="damaged"):
        read_journal(journal.file)


@pytest.mark.parametrize(("is_power_safe", "is_whole"), [(False, False), (True, True)])
def test_after_the_machine_went_down_a_journal_is_whole_only_if_it_was_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_power_safe: bool, is_whole: bool
) -> None:
    with a_journal(tmp_path, is_power_safe=is_power_safe) as journal:
        journal.begun(ONE)
    monkeypatch.setattr(journal_records, "_boot_id", lambda: "another run of the machine")

    assert read_journal(journal.file).is_whole is is_whole


def test_what_the_database_knows_is_let_go_of_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal does not grow with the list."""
    monkeypatch.setattr(journal_module, "_COMPACT_ABOVE", 20_000)
    with a_journal(tmp_path) as journal:
        journal.begun(ONE)
        for number in range(10, 2000):
            journal.begun((number, 1))
            journal.came_to((number, 1), ACCEPTED)
            journal.settle([(number, 1)])

        assert journal._end < 25_000
        assert read_journal(journal.file).unanswered == {ONE}
        assert not journal.is_settled
        journal.settle([ONE])
        assert journal.is_settled
    assert [file.name for file in tmp_path.iterdir()] == [journal.name]


def test_a_journal_written_anew_is_still_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_COMPACT_ABOVE", 0)
    with a_journal(tmp_path) as journal:
        journal.settle([])

        with journal.file.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_journal_that_cannot_be_written_anew_yet_goes_on_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has room of its own, and a disk that is full now may have room later."""
    monkeypatch.setattr(journal_module, "_COMPACT_ABOVE", 20_000)
    with a_journal(tmp_path) as journal:
        with monkeypatch.context() as full:
            full.setattr(os, "posix_fallocate", _no_room)
            _send(journal, range(1, 1000))

            assert [file.name for file in tmp_path.iterdir()] == [journal.name]
            assert journal._end > 40_000
        _send(journal, range(1000, 2000))

        assert journal._end < 25_000
        journal.begun(ONE)
        assert read_journal(journal.file).unanswered == {ONE}


def test_it_is_not_tried_again_with_every_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_COMPACT_ABOVE", 20_000)
    tries = []

    def fail(*given: int) -> None:
        tries.append(given)
        _no_room()

    with a_journal(tmp_path) as journal:
        monkeypatch.setattr(os, "posix_fallocate", fail)
        _send(journal, range(1, 1000))

        assert 0 < len(tries) <= journal._end // 20_000


def test_a_journal_that_is_written_anew_during_a_sync_leaves_it_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the number of the closed file may already be another one's, a connection's, say."""
    monkeypatch.setattr(journal_module, "_COMPACT_ABOVE", 0)
    real = os.fdatasync

    def sync_slowly(descriptor: int) -> None:
        journal.settle([])
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", sync_slowly)
    with a_journal(tmp_path) as journal:
        journal.begun(ONE)

        journal.sync()

        assert read_journal(journal.file).unanswered == {ONE}


def test_a_disk_that_takes_nothing_is_met_before_a_message_goes(tmp_path: Path) -> None:
    """Room is taken in advance: what is answered can be written down for a while yet."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with a_journal(tmp_path) as journal:
        room = journal._reserved - journal._end
        resource.setrlimit(resource.RLIMIT_FSIZE, (journal._reserved, limits[1]))
        try:
            with pytest.raises(SurroundingsFailed, match="the journal of sending cannot be"):
                _begin_messages(journal, room)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        begun = [attempt for attempt in journal._unsettled if attempt != (0, 0)]
        assert read_journal(journal.file).unanswered == set(begun[:-1])
        assert journal._reserved - journal._end <= LONGEST_RECORD


def test_a_folder_that_cannot_be_written_to_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "journals").touch()

    with pytest.raises(
        SurroundingsFailed, match="the journal of sending cannot be written"
    ) as error:
        Journal.create(tmp_path / "journals", "this database", is_power_safe=False)

    assert str(tmp_path / "journals") in str(error.value)


def _no_room(*_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _send(journal: Journal, numbers: range) -> None:
    """Messages that are begun, answered and recorded."""
    for number in numbers:
        journal.begun((number, 1))
        journal.came_to((number, 1), ACCEPTED)
        journal.settle([(number, 1)])


def _begin_messages(journal: Journal, number: int) -> None:
    for one in range(number):
        journal.begun((one, 1))
