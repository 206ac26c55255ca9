"""Copies of a workspace, backups that are put back, and journals that are gone: nothing is sent
that may have been sent already, and what nobody can know is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.torture.edition_run import DUE, RUN, Answer, EditionRun, Ground, edition_run
from tests.torture.judge import Verdict, edition_state
from tests.torture.receiver import Phase
from tests.torture.senders import KILLED
from tests.workspaces import SHORT


def kill_midway(edition: EditionRun, part: int = 3) -> None:
    """Has a sender start, and kills it after a part of those who are left."""
    edition.receiver.trap(Phase.ANSWERED, edition.left // part, lambda: sender.kill())
    (sender,) = edition.start(RUN)
    assert edition.end([sender]) == [KILLED]
    edition.receiver.settle()


def back_up(edition: EditionRun, to: Path) -> None:
    """A backup as SQLite makes them, of a database that is in use."""
    with closing(sqlite3.connect(edition.database)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy)


def put_back(edition: EditionRun, backup: Path) -> None:
    """The backup's bytes in the live file, which stays the same file."""
    for beside in ("-wal", "-shm"):
        Path(f"{edition.database}{beside}").unlink(missing_ok=True)
    edition.database.write_bytes(backup.read_bytes())


def as_json(answer: Answer) -> Any:
    """What the answer says in JSON, after the lines for people."""
    return json.loads(answer.said[answer.said.index("{") :])


def assert_refuses_to_send(edition: EditionRun) -> None:
    log = edition.receiver.log.entries()
    for words in (RUN, DUE):
        answer = edition.do(*words)
        assert answer.code == 3, answer.said
        assert "db adopt" in answer.said
    assert edition.receiver.log.entries() == log


def test_a_workspace_copied_while_it_is_being_sent_sends_nothing_and_the_original_goes_on(
    ground: Ground,
) -> None:
    with edition_run(ground, "edition") as edition:
        kill_midway(edition)
        shutil.copytree(edition.config.parent, ground.folder / "copy")
        copy = EditionRun(ground, ground.folder / "copy" / edition.config.name, edition.receiver)

        assert_refuses_to_send(copy)
        verdict = edition.finish()

    assert (verdict.missing, verdict.doubled, verdict.faults) == ((), (), ())


@pytest.mark.parametrize("moment", ["before it was sent", "while it was being sent"])
def test_an_older_backup_put_in_the_place_of_the_live_file_sends_nothing(
    ground: Ground, moment: str
) -> None:
    with edition_run(ground, "edition") as edition:
        if moment == "while it was being sent":
            kill_midway(edition)
        backup = ground.folder / "backup.db"
        back_up(edition, backup)
        edition.finish()

        put_back(edition, backup)

        assert_refuses_to_send(edition)


def test_a_backup_from_the_life_of_a_sender_that_was_killed_sends_nothing(ground: Ground) -> None:
    """The counters agree: no sender has begun or ended in between. Only its journal knows."""
    backup = ground.folder / "backup.db"
    size = ground.audience.size
    with edition_run(ground, "edition") as edition:
        edition.receiver.trap(Phase.ANSWERED, 1, lambda: back_up(edition, backup))
        edition.receiver.trap(Phase.LOGGED, 2 * size // 3, lambda: sender.kill())
        (sender,) = edition.start(RUN)
        assert edition.end([sender]) == [KILLED]
        put_back(edition, backup)

        assert_refuses_to_send(edition)


def test_an_adopted_backup_waits_for_a_decision_and_mails_nobody_twice(ground: Ground) -> None:
    with edition_run(ground, "edition") as edition:
        kill_midway(edition)
        backup = ground.folder / "backup.db"
        back_up(edition, backup)
        edition.finish()
        put_back(edition, backup)

        adopted = edition.do("db", "adopt", "--json")
        waits = edition.do(*DUE)
        resumed = edition.do("send", "resume", SHORT, "--pending-unknown")
        verdict = edition.finish()

    assert (adopted.code, waits.code, resumed.code) == (0, 0, 0), (adopted, waits, resumed)
    assert (verdict.missing, verdict.doubled, verdict.faults) == ((), (), ())
    assert ground.audience.size // 3 < verdict.received <= verdict.doubted
    (held,) = as_json(adopted)["held"]
    assert (held["edition"], held["reason"]) == (SHORT, "adopted")
    assert held["pending"] + held["made_unknown"] == verdict.doubted


def test_a_journal_that_was_deleted_holds_the_edition_until_somebody_names_its_deliveries_unknown(
    ground: Ground,
) -> None:
    with edition_run(ground, "edition") as edition:
        kill_midway(edition)
        for journal in edition.journals.glob("*.journal"):
            journal.unlink()

        held = edition.do(*DUE, "--json")
        state = edition_state(edition.database)
        resumed = edition.do("send", "resume", SHORT, "--journal-lost")
        verdict = edition.finish()

    assert held.code == 1
    assert as_json(held)["held"] == [{"edition": SHORT, "reason": "journal-missing"}]
    assert (state, resumed.code) == ("held", 0), resumed.said
    assert (verdict.missing, verdict.doubled, verdict.faults) == ((), (), ())
    assert 0 < verdict.received <= verdict.doubted < ground.audience.size


def test_nothing_is_doubted_of_an_edition_that_is_over_when_its_backup_is_adopted(
    ground: Ground,
) -> None:
    with edition_run(ground, "edition") as edition:
        verdict = edition.finish()
        backup = ground.folder / "backup.db"
        back_up(edition, backup)
        edition.database.unlink()
        backup.rename(edition.database)

        refused = edition.do(*DUE)
        adopted = edition.do("db", "adopt")
        again = edition.do(*DUE)

    assert (refused.code, adopted.code, again.code) == (3, 0, 0)
    assert verdict == Verdict(people=ground.audience.size)
    assert len(edition.receiver.log.entries()) == ground.audience.size
