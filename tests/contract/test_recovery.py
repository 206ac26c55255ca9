"""What dead senders left behind, settled on a real database with real journals."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from newsletter.dispatch import senders
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.recovery import Recovery, Terms
from newsletter.dispatch.senders import JournalFolder, Remains, Sender
from newsletter.dispatch.sending_process import SendingProcess, sending_process
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.errors import DatabaseBusy, SurroundingsFailed
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import deliveries
from newsletter.storage.schema import senders as sender_rows
from tests.sending_rows import add_bulletin, add_edition

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
PATIENCE = Patience(timedelta(minutes=30), expire_after=timedelta(hours=72), chance=lambda: 0)
ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, None, "kept")
LEASED = (1, 2, 3)
DATABASE = "the database of these tests"


class FakeCounter:
    """Counts how often it was asked to, in the transaction that closes a row."""

    identity = DATABASE

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.raised = 0

    def count_sender(self, at_once: Callable[[Connection], None]) -> None:
        with writing(self._engine) as connection:
            at_once(connection)
        self.raised += 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the journals lie."""
    folder = tmp_path / "journals"
    folder.mkdir()
    return folder


@pytest.fixture
def counter(migrated_engine: Engine) -> FakeCounter:
    return FakeCounter(migrated_engine)


@pytest.fixture
def recovery(migrated_engine: Engine, counter: FakeCounter, folder: Path) -> Recovery:
    is_file = migrated_engine.dialect.name == "sqlite"
    journals = JournalFolder(folder, database=DATABASE, is_shared=is_file)
    return Recovery(migrated_engine, journals, counter, Terms(PATIENCE, False, lambda: NOW))


def _take_on(engine: Engine, journal: str) -> int:
    """A sender that has taken on three deliveries of an edition; gives its id."""
    with writing(engine) as connection:
        add_bulletin(connection, NOW)
        add_edition(connection, NOW)
        sender_id = senders.register(connection, journal, NOW)
        for number in LEASED:
            connection.execute(
                insert(deliveries).values(
                    id=number,
                    edition_id=1,
                    language="en",
                    format="html",
                    variant="",
                    state="sending",
                    attempts=1,
                    sender_id=sender_id,
                    transport="smtp",
                )
            )
    return sender_id


def _states(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(
            connection.execute(select(deliveries.c.state).order_by(deliveries.c.id)).scalars()
        )


def _open(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        return [sender.id for sender in senders.open_senders(connection)]


def _let_hours_pass(engine: Engine) -> None:
    """On a server, the journal that is not here may be elsewhere, and its sender alive."""
    with writing(engine) as connection:
        connection.execute(sender_rows.update().values(seen_at=NOW - timedelta(hours=2)))


def test_a_dead_senders_journal_is_replayed_its_row_closed_and_the_journal_removed(
    migrated_engine: Engine, recovery: Recovery, counter: FakeCounter, folder: Path
) -> None:
    journal = Journal.create(folder, DATABASE, is_power_safe=False)
    _take_on(migrated_engine, journal.name)
    journal.begun((1, 1))
    journal.came_to((1, 1), ACCEPTED)
    journal.begun((2, 1))
    journal.close()

    tally, lost = recovery.replay_all()

    assert (tally, lost) == ({"accepted": 1, "unknown": 1}, [])
    # Whose people are not kept, as here, are skipped when they are given back.
    assert _states(migrated_engine) == ["accepted", "unknown", "skipped"]
    assert (_open(migrated_engine), list(folder.iterdir()), counter.raised) == ([], [], 1)


def test_replaying_twice_changes_nothing(
    migrated_engine: Engine, recovery: Recovery, folder: Path
) -> None:
    """Killed between the record in the database and the removal of the journal."""
    journal = Journal.create(folder, DATABASE, is_power_safe=False)
    _take_on(migrated_engine, journal.name)
    journal.begun((2, 1))
    journal.close()
    content = journal.file.read_bytes()
    recovery.replay_all()
    before = _states(migrated_engine)
    journal.file.write_bytes(content)

    assert recovery.replay_all() == ({}, [])

    assert _states(migrated_engine) == before


@pytest.mark.parametrize(("attempt", "is_behind"), [((1, 1), False), ((1, 2), True)])
def test_a_database_that_knows_less_than_a_dead_senders_journal_is_an_older_one(
    migrated_engine: Engine,
    recovery: Recovery,
    folder: Path,
    attempt: tuple[int, int],
    is_behind: bool,
) -> None:
    """A backup, put in place after the sender was killed: a claim comes before its record."""
    journal = Journal.create(folder, DATABASE, is_power_safe=False)
    _take_on(migrated_engine, journal.name)
    journal.begun(attempt)
    journal.came_to((99, 1), ACCEPTED)  # of an edition that was reset since
    journal.close()

    assert recovery.is_database_behind() is is_behind


@pytest.mark.parametrize(
    ("begun", "has_row", "lives", "is_behind"),
    [
        ([(1, 1)], False, False, True),
        ([(1, 1)], True, False, False),  # its row is closed, and it died before it removed this
        ([(1, 1)], False, True, False),  # in the midst of its work
        ([], False, False, False),  # it died between journal and row
    ],
)
def test_a_journal_of_no_row_that_tells_of_messages_is_a_sign_of_an_older_database(
    migrated_engine: Engine,
    recovery: Recovery,
    folder: Path,
    begun: list[tuple[int, int]],
    has_row: bool,
    lives: bool,
    is_behind: bool,
) -> None:
    """Its sender began after the backup was made; the row is there before the first message."""
    journal = Journal.create(folder, DATABASE, is_power_safe=False)
    if has_row:
        with writing(migrated_engine) as connection:
            senders.close(connection, senders.register(connection, journal.name, NOW), NOW)
    for attempt in begun:
        journal.begun(attempt)
    if not lives:
        journal.close()

    assert recovery.is_database_behind() is is_behind
    journal.close()


def test_a_mere_question_deletes_nothing(
    migrated_engine: Engine, recovery: Recovery, folder: Path
) -> None:
    stray = Journal.create(folder, DATABASE, is_power_safe=False)
    stray.close()
    os.utime(stray.file, (0, 0))

    assert not recovery.is_database_behind()

    assert stray.file.exists()


class FolderInWhich(JournalFolder):
    """Something happens right before the death of a sender is looked into."""

    before: Callable[[Sender], None]

    @contextmanager
    def death(self, sender: Sender, now: datetime) -> Iterator[Remains | None]:
        self.before(sender)
        with super().death(sender, now) as remains:
            yield remains


def test_who_takes_more_on_and_dies_while_others_are_looked_at_is_no_sign_of_an_older_database(
    migrated_engine: Engine, counter: FakeCounter, folder: Path
) -> None:
    first, second = (Journal.create(folder, DATABASE, is_power_safe=False) for _ in range(2))
    _take_on(migrated_engine, first.name)
    first.begun((1, 1))
    first.close()
    with writing(migrated_engine) as connection:
        senders.register(connection, second.name, NOW)

    def dies(sender: Sender) -> None:
        if sender.journal == second.name:
            with writing(migrated_engine) as connection:
                connection.execute(deliveries.update().values(attempts=2))
            second.begun((2, 2))
            second.close()

    journals = FolderInWhich(folder, database=DATABASE, is_shared=True)
    journals.before = dies
    terms = Terms(PATIENCE, False, lambda: NOW)

    assert not Recovery(migrated_engine, journals, counter, terms).is_database_behind()


def test_a_living_sender_is_left_alone(
    migrated_engine: Engine, recovery: Recovery, folder: Path
) -> None:
    journal = Journal.create(folder, DATABASE, is_power_safe=False)
    sender_id = _take_on(migrated_engine, journal.name)

    assert recovery.replay_all() == ({}, [])

    assert _states(migrated_engine) == ["sending"] * len(LEASED)
    assert _open(migrated_engine) == [sender_id]
    journal.close()


def test_without_its_journal_nothing_of_a_dead_sender_changes_until_a_person_decides(
    migrated_engine: Engine, recovery: Recovery, counter: FakeCounter
) -> None:
    sender_id = _take_on(migrated_engine, "gone.journal")
    _let_hours_pass(migrated_engine)

    tally, (lost,) = recovery.replay_all()

    assert (tally, lost.edition_ids, lost.sender.id) == ({}, (1,), sender_id)
    assert _states(migrated_engine) == ["sending"] * len(LEASED)
    assert recovery.give_up(lost, [1]) == len(LEASED)
    assert _states(migrated_engine) == ["unknown"] * len(LEASED)
    # Who dies while counting is recognised by a journal: without one, nothing may be counted.
    assert (_open(migrated_engine), counter.raised) == ([], 0)


def test_a_missing_journal_of_a_sender_that_had_nothing_under_way_is_nobodys_loss(
    migrated_engine: Engine, recovery: Recovery, counter: FakeCounter
) -> None:
    with writing(migrated_engine) as connection:
        senders.register(connection, "gone.journal", NOW)
    _let_hours_pass(migrated_engine)

    assert recovery.replay_all() == ({}, [])

    assert (_open(migrated_engine), counter.raised) == ([], 0)


@pytest.mark.parametrize(("silent", "is_lost"), [(59, False), (61, True)])
def test_a_sender_on_another_machine_is_given_an_hour(
    postgresql_engine: Engine, folder: Path, silent: int, is_lost: bool
) -> None:
    """Only a server's database is shared by machines; the journal is where its sender was."""
    _take_on(postgresql_engine, "elsewhere.journal")
    with writing(postgresql_engine) as connection:
        connection.execute(sender_rows.update().values(host="another.example.org"))
    later = NOW + timedelta(minutes=silent)
    recovery = Recovery(
        postgresql_engine,
        JournalFolder(folder, database=DATABASE, is_shared=False),
        FakeCounter(postgresql_engine),
        Terms(PATIENCE, False, lambda: later),
    )

    _, lost = recovery.replay_all()

    assert bool(lost) is is_lost


def test_a_journal_without_a_row_is_swept_away_once_it_is_old(
    migrated_engine: Engine, recovery: Recovery, folder: Path
) -> None:
    """Killed between the journal's creation and its row: it says nothing of anybody."""
    young, old = (Journal.create(folder, DATABASE, is_power_safe=False) for _ in range(2))
    for journal in (young, old):
        journal.close()
    os.utime(old.file, (0, 0))

    recovery.replay_all()

    assert list(folder.iterdir()) == [young.file]


# The life of a sending process


def _process(
    engine: Engine, counter: FakeCounter, folder: Path, work: Callable[[SendingProcess], None]
) -> None:
    with sending_process(engine, folder, counter, lambda: NOW, is_power_safe=False) as process:
        work(process)


def test_a_process_that_has_recorded_all_leaves_nothing_behind(
    migrated_engine: Engine, counter: FakeCounter, folder: Path
) -> None:
    def look(process: SendingProcess) -> None:
        with reading(migrated_engine) as connection:
            (sender,) = senders.open_senders(connection)
        assert (sender.id, sender.pid) == (process.sender_id, os.getpid())
        assert sender.host == socket.gethostname()
        assert (folder / sender.journal).is_file()

    _process(migrated_engine, counter, folder, look)

    assert (_open(migrated_engine), list(folder.iterdir()), counter.raised) == ([], [], 2)


def test_a_process_that_could_not_record_all_leaves_row_and_journal_to_the_next(
    migrated_engine: Engine, counter: FakeCounter, folder: Path
) -> None:
    def fail(process: SendingProcess) -> None:
        process.journal.begun((1, 1))
        raise DatabaseBusy("busy")

    with pytest.raises(DatabaseBusy):
        _process(migrated_engine, counter, folder, fail)

    (sender_id,) = _open(migrated_engine)
    assert len(list(folder.glob("*.journal"))) == 1
    assert sender_id


def test_a_process_that_is_broken_off_with_deliveries_in_its_hands_leaves_its_row_open(
    migrated_engine: Engine, counter: FakeCounter, folder: Path
) -> None:
    """Else they would stay in its hands for ever: recovery looks at open rows."""
    _take_on(migrated_engine, "another.journal")

    def take_on(process: SendingProcess) -> None:
        with writing(migrated_engine) as connection:
            connection.execute(deliveries.update().values(sender_id=process.sender_id))

    _process(migrated_engine, counter, folder, take_on)

    assert len(_open(migrated_engine)) == 2
    assert len(list(folder.glob("*.journal"))) == 1


def test_a_process_without_a_row_removes_its_journal(
    migrated_engine: Engine, counter: FakeCounter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise SurroundingsFailed("no room")

    monkeypatch.setattr(senders, "register", fail)

    with pytest.raises(SurroundingsFailed):
        _process(migrated_engine, counter, folder, lambda process: None)

    assert list(folder.iterdir()) == []
