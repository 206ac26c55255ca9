"""Imports that are killed, starved of disk, or come while somebody else is at work."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, text

from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder, ImportResult
from newsletter.app.imports.tally import Row
from newsletter.app.imports.undo import imports, undo_import
from newsletter.app.workspace import Workspace
from newsletter.audience.import_records import ImportRecord
from newsletter.audience.leaving import leave_all
from newsletter.audience.subscribers import all_subscribers, by_handle, find, subscriber
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import Basis
from newsletter.storage.engine import open_engine, reading, writing
from newsletter.storage.process_lock import process_lock
from newsletter.storage.schema import consents, handles, subscribers, subscriptions
from tests.workspaces import TOPIC, a_workspace

NOW = datetime(2026, 11, 3, tzinfo=UTC)
PEOPLE = 2500
WAIT = 60
"""Seconds after which something never comes."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace") as workspace:
        yield workspace


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list in no order, with rows that cannot be used and people who stand in it twice."""
    rows = [f"p{number:05d}@example.org,Name {number}" for number in range(PEOPLE)]
    rows += rows[: PEOPLE // 100] + ["nobody,"] * 7
    random.Random(1).shuffle(rows)
    file = tmp_path / "list.csv"
    file.write_text("email,name\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


WHOLE = {
    "added": PEOPLE,
    "updated": 0,
    "unchanged": 0,
    "skipped": PEOPLE // 100,
    "rejected": 7,
}


def order(file: Path) -> ImportOrder:
    return ImportOrder(file, TOPIC, Basis.CONSENT, "mair")


def command(workspace: Workspace, *words: str | Path) -> list[str]:
    config = ("--config", str(workspace.settings.folder / "newsletter.toml"))
    return [sys.executable, "-m", "newsletter", "subscribers", *map(str, words), *config]


def importing(workspace: Workspace, file: Path) -> list[str]:
    words = ("--topic", TOPIC, "--basis", "consent", "--json")
    return command(workspace, "import", file, *words)


def only_record(workspace: Workspace) -> ImportRecord | None:
    found = imports(workspace)
    assert len(found) <= 1
    return found[0] if found else None


def is_in(workspace: Workspace) -> int:
    record = only_record(workspace)
    return 0 if record is None else sum(record.counts.values())


@contextmanager
def running(words: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=WAIT)


def wait_for(workspace: Workspace, number: int, process: subprocess.Popen[bytes]) -> None:
    """Returns when so many people are in."""
    deadline = monotonic() + WAIT
    while is_in(workspace) < number and process.poll() is None:
        assert monotonic() < deadline


def kill_import(workspace: Workspace, file: Path, after: int) -> None:
    """Starts an import and kills it when so many people are in."""
    with running(importing(workspace, file)) as process:
        wait_for(workspace, after, process)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=WAIT)


def go_on(workspace: Workspace, file: Path) -> Any:
    done = subprocess.run(importing(workspace, file), capture_output=True, check=True, timeout=WAIT)
    return json.loads(done.stdout)


def counted(workspace: Workspace, what: Any) -> int:
    with reading(workspace.engine) as connection:
        return connection.execute(select(func.count()).select_from(what)).scalar_one()


def assert_everybody_is_in_once(workspace: Workspace) -> None:
    assert counted(workspace, subscribers) == PEOPLE
    assert counted(workspace, subscriptions) == PEOPLE
    assert counted(workspace, consents) == PEOPLE
    assert counted(workspace, handles) == PEOPLE
    with reading(workspace.engine) as connection:
        for one in all_subscribers(connection):
            assert by_handle(connection, one.handle) == one


def test_an_import_that_is_killed_again_and_again_goes_on_to_its_end(
    workspace: Workspace, file: Path
) -> None:
    chosen = random.Random()
    places = sorted(chosen.sample(range(1, PEOPLE // 2), 3))

    for place in places:
        kill_import(workspace, file, place)
    answer = go_on(workspace, file)

    assert {name: answer[name] for name in WHOLE} == WHOLE
    assert answer["read"] == sum(WHOLE.values())
    assert_everybody_is_in_once(workspace)
    record = only_record(workspace)
    assert record is not None
    assert (record.id, record.state, record.counts) == (answer["import_id"], "finished", WHOLE)
    assert record.position is None


def test_half_an_import_can_be_taken_back(workspace: Workspace, file: Path) -> None:
    kill_import(workspace, file, PEOPLE // 3)

    undone = undo_import(workspace, 1, actor="mair")

    assert undone.removed == is_in(workspace) >= PEOPLE // 3
    with reading(workspace.engine) as connection:
        assert list(all_subscribers(connection)) == []
    record = only_record(workspace)
    assert record is not None
    assert (record.state, record.position) == ("undone", None)


def test_whoever_stays_of_half_an_import_is_found_by_their_links(
    workspace: Workspace, file: Path
) -> None:
    kill_import(workspace, file, 1)
    with reading(workspace.engine) as connection:
        during = next(all_subscribers(connection))
        found_during = by_handle(connection, during.handle)

    undo_import(workspace, 1, actor="mair")

    with reading(workspace.engine) as connection:
        assert found_during == by_handle(connection, during.handle) == during


def test_a_list_that_was_taken_back_half_way_comes_in_whole(
    workspace: Workspace, file: Path
) -> None:
    kill_import(workspace, file, PEOPLE // 3)
    undo_import(workspace, 1, actor="mair")

    result = import_subscribers(workspace, order(file))

    assert dict(result.counts) == WHOLE
    assert result.import_id == 2
    assert counted(workspace, handles) == counted(workspace, subscriptions) == PEOPLE


_DYING_UNDO = """
import os, sys
from pathlib import Path
from newsletter.app.imports import undo
from tests.workspaces import a_workspace
real, parts = undo.undo_cards, []
def dying(*given):
    if len(parts) == 3:
        os.kill(os.getpid(), 9)
    parts.append(1)
    return real(*given)
undo.undo_cards = dying
with a_workspace(Path(sys.argv[1])) as workspace:
    undo.undo_import(workspace, 1, actor="mair")
"""


def test_taking_back_that_is_killed_is_finished_by_saying_it_again(
    workspace: Workspace, file: Path
) -> None:
    import_subscribers(workspace, order(file))
    killed = subprocess.run(
        [sys.executable, "-c", _DYING_UNDO, str(workspace.settings.folder)],
        cwd=Path(__file__).parents[2],
        check=False,
        timeout=WAIT,
    )
    left = counted(workspace, subscriptions)

    undone = undo_import(workspace, 1, actor="mair")

    assert killed.returncode == -signal.SIGKILL
    assert 0 < left < PEOPLE
    assert undone.removed == left
    assert counted(workspace, subscriptions) == 0
    assert counted(workspace, consents) == 2 * PEOPLE


# While somebody else is at work


def test_another_import_meanwhile_is_refused_naming_the_process(
    workspace: Workspace, file: Path
) -> None:
    with process_lock(workspace.lock_folder, "import of subscribers"):
        for work in (
            lambda: import_subscribers(workspace, order(file)),
            lambda: undo_import(workspace, 1, actor="mair"),
        ):
            with pytest.raises(SurroundingsFailed, match=f"process {os.getpid()}") as told:
                work()

            assert told.value.exit_code == 3
    assert imports(workspace) == []


def leave(engine: Engine, address: str) -> bool:
    """Leaves, if this person is in; whoever leaves is never told to wait."""
    with writing(engine) as connection:
        person = find(connection, address)
        if person is None:
            return False
        leave_all(connection, person.id, source="page", actor="reader", at=NOW)
        return True


def test_people_who_leave_while_an_import_runs_are_served_and_have_left(
    workspace: Workspace, file: Path
) -> None:
    gone = []
    with running(importing(workspace, file)) as process:
        wait_for(workspace, 1, process)
        for number in range(PEOPLE):
            if process.poll() is not None:
                break
            if leave(workspace.engine, f"p{number:05d}@example.org"):
                gone.append(f"p{number:05d}@example.org")
        answer = json.loads(process.communicate(timeout=WAIT)[0])

    assert gone
    assert answer["read"] == sum(WHOLE.values())
    statuses = (
        select(subscribers.c.canonical)
        .join(subscriptions)
        .where(subscriptions.c.status == "unsubscribed")
    )
    with reading(workspace.engine) as connection:
        assert sorted(connection.execute(statuses).scalars()) == gone


def test_somebody_who_leaves_before_the_import_comes_to_them_stays_away(
    workspace: Workspace, file: Path
) -> None:
    last = f"p{PEOPLE - 1:05d}@example.org"
    small = file.with_name("small.csv")
    small.write_text(f"email\n{last}\n", encoding="utf-8")
    import_subscribers(workspace, order(small))
    beside = open_engine(str(workspace.engine.url))

    def watch(row: Row) -> None:
        if row.address.startswith("p00100"):
            leave(beside, last)

    result = import_subscribers(workspace, order(file), watch=watch)
    beside.dispose()

    assert dict(result.reasons["skipped"]) == {"has left": 1, "twice in the list": PEOPLE // 100}
    with reading(workspace.engine) as connection:
        person = subscriber(connection, last)
        status = connection.execute(
            select(subscriptions.c.status).where(subscriptions.c.subscriber_id == person.id)
        ).scalar_one()
    assert status == "unsubscribed"


# The disk is full


@contextmanager
def a_disk_with_room_for(workspace: Workspace, pages: int) -> Iterator[None]:
    engine = workspace.engine
    with reading(engine) as connection:
        used = connection.execute(text("PRAGMA page_count")).scalar_one()

    def limit(connection: Any, _entry: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    event.listen(engine, "connect", limit)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


def test_an_import_for_which_the_disk_is_too_small_says_how_it_goes_on(
    workspace: Workspace, file: Path
) -> None:
    with (
        a_disk_with_room_for(workspace, 60),
        pytest.raises(
            SurroundingsFailed, match=r"import 1 was broken off: the disk is full"
        ) as told,
    ):
        import_subscribers(workspace, order(file))
    half = is_in(workspace)

    result: ImportResult = import_subscribers(workspace, order(file))

    assert told.value.exit_code == 3
    assert "Run the same command again" in str(told.value.cure)
    assert "undo-import 1" in str(told.value.cure)
    assert 0 < half < PEOPLE
    assert dict(result.counts) == WHOLE
    assert_everybody_is_in_once(workspace)


def test_handles_that_had_no_room_are_there_once_it_goes_on(
    workspace: Workspace, file: Path
) -> None:
    with reading(workspace.engine) as connection:
        before = connection.execute(text("PRAGMA page_count")).scalar_one()
    with a_workspace(workspace.settings.folder.with_name("measured")) as measured:
        import_subscribers(measured, order(file))
        with reading(measured.engine) as connection:
            after = connection.execute(text("PRAGMA page_count")).scalar_one()

    with (
        a_disk_with_room_for(workspace, after - before - 10),
        pytest.raises(SurroundingsFailed, match="the disk is full"),
    ):
        import_subscribers(workspace, order(file))
    import_subscribers(workspace, order(file))

    assert_everybody_is_in_once(workspace)
