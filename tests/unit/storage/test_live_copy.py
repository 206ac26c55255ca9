"""Which copy of a SQLite file may send: everything that people do to files."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.counter_file import CounterFile
from newsletter.storage.engine import open_engine, reading, writing
from newsletter.storage.live_copy import CopyState, LiveCopy
from newsletter.storage.schema import live_copy, senders

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone: nothing after this instant happens."""


class Place:
    """A folder with a database, as a workspace has it; `file` may be a link that leads there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.journals = file.resolve().with_name("newsletter.db-journal.d")

    @contextmanager
    def opened(self) -> Iterator[tuple[Engine, LiveCopy]]:
        """As a process that has just started sees it."""
        engine = open_engine(f"sqlite:///{self.file}")
        try:
            yield engine, LiveCopy(engine, self.file, self.journals, lambda: NOW)
        finally:
            engine.dispose()

    @property
    def state(self) -> CopyState:
        with self.opened() as (_, copy):
            return copy.standing.state

    def require_live(self) -> None:
        with self.opened() as (_, copy):
            copy.require_live()

    def send(self, name: str = "a") -> None:
        """A sending process from its start to its end."""
        self.start(name)
        self.end(name)

    def start(self, name: str = "a") -> None:
        for step in self.steps_of_start(name):
            step()

    def end(self, name: str = "a") -> None:
        for step in self.steps_of_end(name):
            step()

    def steps_of_start(self, name: str) -> list[Callable[[], None]]:
        return [lambda: self.create_journal(name), lambda: self.register(name), self.count]

    def steps_of_end(self, name: str) -> list[Callable[[], None]]:
        return [lambda: self.close(name), lambda: self.journal(name).unlink()]

    def journal(self, name: str) -> Path:
        return self.journals / f"{name}.journal"

    def create_journal(self, name: str) -> None:
        self.journals.mkdir(exist_ok=True)
        self.journal(name).touch()

    def register(self, name: str) -> None:
        with self.opened() as (engine, _), writing(engine) as connection:
            connection.execute(
                insert(senders).values(
                    host="h", pid=1, journal=f"{name}.journal", started_at=NOW, seen_at=NOW
                )
            )

    def count(self) -> None:
        with self.opened() as (_, copy):
            copy.count_sender()

    def close(self, name: str) -> None:
        with self.opened() as (_, copy):
            copy.count_sender(lambda connection: close_row(connection, name))

    def counters(self) -> tuple[int | None, int]:
        """The number in the file, and the one in the database."""
        with self.opened() as (engine, _), reading(engine) as connection:
            number = connection.execute(select(live_copy.c.counter)).scalar_one()
        return CounterFile(self.journals).read(), number

    def backup(self, name: str) -> Path:
        """A backup as an administrator makes it, of a database that may be in use."""
        to = self.file.with_name(name)
        source = sqlite3.connect(self.file)
        target = sqlite3.connect(to)
        source.backup(target)
        source.close()
        target.close()
        return to

    def put_in_place(self, backup: Path) -> None:
        """Copies over the file as it lies there: it keeps its inode."""
        inode = self.file.stat().st_ino
        shutil.copyfile(backup, self.file)
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        assert self.file.stat().st_ino == inode


def close_row(connection: Connection, name: str) -> None:
    its_row = senders.c.journal == f"{name}.journal"
    connection.execute(update(senders).where(its_row).values(closed_at=NOW))


@pytest.fixture
def unbound(sqlite_engine: Engine, tmp_path: Path) -> Place:
    """A database in a folder of its own, from which nothing was ever sent."""
    sqlite_engine.dispose()
    file = tmp_path / "data" / "newsletter.db"
    file.parent.mkdir()
    shutil.move(str(sqlite_engine.url.database), file)
    return Place(file)


@pytest.fixture
def place(unbound: Place) -> Place:
    """One that is bound, and from which a process has sent."""
    unbound.require_live()
    unbound.send("first")
    return unbound


def copied(place: Place) -> Place:
    """What `cp -r` makes of its folder."""
    folder = place.file.parent
    shutil.copytree(folder, folder.with_name("copied"))
    return Place(folder.with_name("copied") / place.file.name)


def test_a_database_to_which_nothing_was_bound_is_bound_by_whoever_asks_first(
    unbound: Place,
) -> None:
    before = unbound.state

    unbound.require_live()

    assert (before, unbound.state) == (CopyState.UNBOUND, CopyState.LIVE)
    assert unbound.counters() == (0, 0)


def test_binding_again_changes_nothing(place: Place) -> None:
    before = place.counters()

    with place.opened() as (_, copy):
        copy.bind()

    assert place.counters() == before


def test_each_start_and_each_end_is_counted_on_both_sides(place: Place) -> None:
    assert place.counters() == (2, 2)

    place.send("a")

    assert place.counters() == (4, 4)
    assert place.state is CopyState.LIVE


# What people do to files.


def test_a_copied_workspace_is_a_copy_and_the_original_stays_live(place: Place) -> None:
    copy = copied(place)

    assert (copy.state, place.state) == (CopyState.ELSEWHERE, CopyState.LIVE)


def test_a_moved_workspace_is_no_longer_the_live_one(place: Place) -> None:
    folder = place.file.parent.rename(place.file.parent.with_name("moved"))

    assert Place(folder / place.file.name).state is CopyState.ELSEWHERE


def test_an_older_backup_copied_over_the_file_in_place_is_not_live(place: Place) -> None:
    backup = place.backup("backup.db")
    place.send("a")

    place.put_in_place(backup)

    assert place.state is CopyState.OUTDATED


def test_nor_is_one_that_was_made_in_the_middle_of_a_run_that_came_to_its_end(
    place: Place,
) -> None:
    """Its sender's row is open, but the journal of a process that died would be there."""
    place.start("a")
    backup = place.backup("backup.db")
    place.end("a")

    place.put_in_place(backup)

    assert place.counters() == (4, 3)
    assert place.state is CopyState.OUTDATED


def test_nor_is_one_from_the_life_of_two_senders_of_which_one_ended_and_the_other_died(
    place: Place,
) -> None:
    """The journal of the dead one is there, and would tell why the file is ahead."""
    place.start("ends")
    place.start("dies")
    backup = place.backup("backup.db")
    place.end("ends")

    place.put_in_place(backup)

    assert place.counters() == (5, 4)
    assert place.state is CopyState.OUTDATED


def test_nor_is_one_from_before_anything_was_bound(unbound: Place) -> None:
    backup = unbound.backup("backup.db")
    unbound.require_live()
    unbound.send("a")

    unbound.put_in_place(backup)
    with unbound.opened() as (_, copy):
        copy.bind()

    assert unbound.state is CopyState.OUTDATED


def test_nor_is_one_that_was_restored_while_a_process_sends(place: Place) -> None:
    backup = place.backup("backup.db")
    place.start("a")

    place.put_in_place(backup)

    assert place.state is CopyState.OUTDATED


def test_the_newest_backup_at_the_same_path_in_another_file_is_not_live(place: Place) -> None:
    backup = place.backup("backup.db")

    backup.replace(place.file)

    assert place.state is CopyState.ELSEWHERE


def test_nor_is_a_backup_of_the_whole_folder_that_was_copied_over_it(place: Place) -> None:
    backup = shutil.copytree(place.file.parent, place.file.parent.with_name("backup"))
    place.send("a")

    shutil.copytree(backup, place.file.parent, dirs_exist_ok=True)

    assert place.state is CopyState.OUTDATED


def test_a_backup_of_the_journals_folder_alone_is_found_out(place: Place) -> None:
    older = place.journals.with_name("older")
    shutil.copytree(place.journals, older)
    place.send("a")
    shutil.rmtree(place.journals)

    older.rename(place.journals)

    assert place.state is CopyState.OUTDATED


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_without_the_file_beside_the_journals_nobody_knows(left: str, place: Place) -> None:
    counter = CounterFile(place.journals).file
    if left == "nothing":
        shutil.rmtree(place.journals)
    else:
        counter.write_bytes(b"")

    assert place.state is CopyState.UNCOUNTED


def test_a_link_leads_to_the_same_database(place: Place, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(place.file)

    Place(link).send("a")

    assert (Place(link).state, place.state) == (CopyState.LIVE, CopyState.LIVE)
    assert place.counters() == (4, 4)


def test_a_hard_link_is_another_place(place: Place, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "newsletter.db"
    link.parent.mkdir()
    link.hardlink_to(place.file)

    assert Place(link).state is CopyState.ELSEWHERE


# What whoever meets a copy is told.


def test_a_copy_says_which_one_is_live_and_names_the_way_out(place: Place) -> None:
    copy = copied(place)

    with pytest.raises(SurroundingsFailed) as caught:
        copy.require_live()

    assert caught.value.exit_code == 3
    assert caught.value.where == str(copy.file)
    assert f"the live one is {place.file} (device " in caught.value.what
    assert "newsletter db adopt" in str(caught.value)


def test_a_missing_file_is_named_with_its_folder(place: Place) -> None:
    CounterFile(place.journals).file.unlink()

    with pytest.raises(SurroundingsFailed, match="no file `live`") as caught:
        place.require_live()

    assert str(place.journals) in caught.value.what


def test_nothing_is_counted_on_a_copy(place: Place) -> None:
    backup = place.backup("backup.db")
    place.send("a")
    place.put_in_place(backup)
    before = place.counters()

    with pytest.raises(SurroundingsFailed, match="comes from a backup"):
        place.count()

    assert place.counters() == before


# Dying at every instant.


def dying_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a process dies between the file and the database."""

    def write(self: CounterFile, number: int) -> None:
        real_write(self, number)
        raise Killed

    real_write = CounterFile.write
    monkeypatch.setattr(CounterFile, "write", write)


@pytest.mark.parametrize("steps", range(6))
def test_a_process_that_dies_after_any_of_its_steps_leaves_a_live_database(
    steps: int, place: Place
) -> None:
    for step in [*place.steps_of_start("a"), *place.steps_of_end("a")][:steps]:
        step()

    assert place.state is CopyState.LIVE
    place.send("b")
    assert place.state is CopyState.LIVE


@pytest.mark.parametrize("others", [(), ("other",)])
@pytest.mark.parametrize("dies_at", ["start", "end"])
def test_so_does_one_that_dies_between_the_file_and_the_database(
    dies_at: str, others: tuple[str, ...], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in others:
        place.start(other)
    if dies_at == "end":
        place.start("a")

    with monkeypatch.context() as patched:
        dying_in(place, patched)
        with pytest.raises(Killed):
            place.start("a") if dies_at == "start" else place.end("a")

    in_file, in_database = place.counters()
    assert in_file == in_database + 1
    assert place.state is CopyState.LIVE
    for other in others:
        place.end(other)
    place.start("next")  # finds the dead one, and closes its row
    place.end("a")
    place.end("next")
    assert place.state is CopyState.LIVE
    assert len(set(place.counters())) == 1


def test_whoever_closes_a_dead_ones_row_may_die_of_it_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.start("dead")
    place.start("a")

    with monkeypatch.context() as patched:
        dying_in(place, patched)
        with pytest.raises(Killed):
            place.close("dead")

    assert place.state is CopyState.LIVE
    for name in ("dead", "a"):
        place.end(name)
    assert place.state is CopyState.LIVE


def test_the_file_catches_up_without_being_written_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        dying_in(place, patched)
        with pytest.raises(Killed):
            place.start("a")
        place.count()  # would die of writing the file

    assert place.counters() == (3, 3)


def test_what_is_done_at_once_is_done_with_the_counter_or_not_at_all(place: Place) -> None:
    place.start("a")

    def fail(connection: Connection) -> None:
        close_row(connection, "a")
        raise Killed

    with place.opened() as (_, copy), pytest.raises(Killed):
        copy.count_sender(fail)

    assert place.counters() == (3, 3)
    with place.opened() as (engine, _), reading(engine) as connection:
        still_open = select(senders.c.journal).where(senders.c.closed_at.is_(None))
        assert connection.execute(still_open).scalars().all() == ["a.journal"]


def test_many_senders_at_once_are_all_counted(place: Place) -> None:
    names = [f"sender-{number}" for number in range(12)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(place.send, names))

    assert place.counters() == (26, 26)
    assert place.state is CopyState.LIVE


# Adopting.


def adopt(place: Place) -> None:
    with place.opened() as (_, copy):
        copy.rebind()


def test_an_adopted_copy_is_live_and_what_it_came_from_stays_so_too(place: Place) -> None:
    """One cannot know of the other. That is why a person has to say it."""
    copy = copied(place)

    adopt(copy)

    assert (copy.state, place.state) == (CopyState.LIVE, CopyState.LIVE)


def test_an_adopted_backup_outdates_the_backups_before_it(place: Place) -> None:
    backup = place.backup("backup.db")
    place.send("a")
    place.put_in_place(backup)

    adopt(place)
    adopted = place.state
    place.put_in_place(backup)

    assert (adopted, place.state) == (CopyState.LIVE, CopyState.OUTDATED)


def test_a_lost_counter_begins_anew(place: Place) -> None:
    shutil.rmtree(place.journals)

    adopt(place)

    assert place.state is CopyState.LIVE


@pytest.mark.parametrize("had_open_sender", [True, False])
def test_dying_while_it_is_adopted_leaves_a_copy(
    had_open_sender: bool, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if had_open_sender:
        place.start("a")
    CounterFile(place.journals).file.unlink()

    with monkeypatch.context() as patched:
        dying_in(place, patched)
        with pytest.raises(Killed):
            adopt(place)

    assert place.state is CopyState.OUTDATED
