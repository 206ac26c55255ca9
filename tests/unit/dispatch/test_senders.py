"""Who is taken for dead, by the lock on a journal, and what is left of them."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.dispatch import journal as journal_module
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.journal_records import JournalUnreadable
from newsletter.dispatch.senders import JournalFolder, Remains, Sender
from newsletter.domain.errors import SurroundingsFailed

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
THIS = "this database"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.create(tmp_path, THIS, is_power_safe=False)
    yield journal
    journal.close()


@pytest.fixture
def sender(journal: Journal) -> Sender:
    return Sender(1, "here", os.getpid(), journal.name, NOW)


def is_dead(
    journal: Journal, sender: Sender, *, minutes: int = 0, is_shared: bool = True, by: str = THIS
) -> bool:
    """Whether it is taken for dead so many minutes after it was heard of."""
    folder = JournalFolder(journal.file.parent, database=by, is_shared=is_shared)
    with folder.death(sender, NOW + timedelta(minutes=minutes)) as remains:
        return remains is not None


def opening_and_then(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> None:
    """Something happens between the opening of a file and whatever comes next."""
    real = os.open

    def open_slowly(*given: Any) -> int:
        descriptor = real(*given)
        monkeypatch.undo()
        meanwhile()
        return descriptor

    monkeypatch.setattr(os, "open", open_slowly)


def test_who_holds_the_lock_on_a_journal_lives(journal: Journal, sender: Sender) -> None:
    assert not is_dead(journal, sender)


def test_who_let_go_of_a_journal_is_dead(journal: Journal, sender: Sender) -> None:
    journal.close()

    assert is_dead(journal, sender)


def test_who_has_no_journal_where_it_would_have_to_be_is_dead(
    journal: Journal, sender: Sender
) -> None:
    journal.file.unlink()

    assert is_dead(journal, sender)


@pytest.mark.parametrize("is_shared", [True, False])
@pytest.mark.parametrize("minutes", [0, 61])
def test_the_lock_decides_whatever_its_host_is_called_and_however_long_it_was_silent(
    journal: Journal, sender: Sender, is_shared: bool, minutes: int
) -> None:
    """A new container has another name, and the volume of the one before."""
    elsewhere = replace(sender, host="container-7")
    while_it_lives = is_dead(journal, elsewhere, minutes=minutes, is_shared=is_shared)
    journal.close()

    assert (while_it_lives, is_dead(journal, elsewhere, is_shared=is_shared)) == (False, True)


@pytest.mark.parametrize(("minutes", "dies"), [(59, False), (61, True)])
@pytest.mark.parametrize("lies_here", ["nothing", "another database's"])
def test_who_may_have_its_journal_elsewhere_is_given_an_hour(
    journal: Journal, sender: Sender, minutes: int, dies: bool, lies_here: str
) -> None:
    """Another data folder of the same machine, say."""
    journal.close()
    if lies_here == "nothing":
        journal.file.unlink()

    assert is_dead(journal, sender, minutes=minutes, is_shared=False, by="another") is dies


def test_a_journal_of_another_database_is_neither_read_nor_removed(
    journal: Journal, sender: Sender
) -> None:
    journal.close()
    folder = JournalFolder(journal.file.parent, database="another", is_shared=True)

    with folder.death(sender, NOW) as remains:
        assert remains is not None
        with pytest.raises(JournalUnreadable, match="missing"):
            remains.read()
        remains.remove_journal()

    assert journal.file.exists()


def test_where_the_folder_goes_with_the_database_journals_tell_after_it_was_moved(
    journal: Journal, sender: Sender
) -> None:
    journal.close()
    folder = JournalFolder(journal.file.parent, database=None, is_shared=True)

    with folder.death(sender, NOW) as remains:
        assert remains == Remains(sender, journal.file)


def test_a_journal_that_may_not_be_opened_says_nothing_of_its_sender(
    journal: Journal, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that root began, looked at by the service's user."""

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(SurroundingsFailed, match="Permission denied") as caught:
        is_dead(journal, sender)

    assert caught.value.where == str(journal.file)
    assert "as the same user" in str(caught.value)


def test_nobody_takes_the_lock_of_a_journal_or_a_draft_that_is_just_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender takes it first of all, and could not be a sender without."""
    for name in ("one.journal", "one.journal.draft"):
        (tmp_path / name).touch()
    taken: list[int] = []
    monkeypatch.setattr(fcntl, "flock", lambda descriptor, _: taken.append(descriptor))
    folder = JournalFolder(tmp_path, database=None, is_shared=True)

    assert list(folder.strangers([])) == []
    folder.sweep([])

    assert taken == []


# What is swept away.


def make_old(file: Path) -> None:
    os.utime(file, (0, 0))


def test_a_draft_that_its_process_did_not_live_to_put_in_place_is_swept_away(
    journal: Journal,
) -> None:
    """There are replies in it, which quote addresses."""
    folder = journal.file.parent
    old, young = folder / "one.journal.draft", folder / "two.journal.draft"
    for draft in (old, young):
        draft.touch()
    make_old(old)

    JournalFolder(folder, database=THIS, is_shared=True).sweep([])

    assert sorted(folder.iterdir()) == sorted([journal.file, young])


@pytest.mark.parametrize(("by", "is_swept"), [(THIS, True), ("another", False)])
def test_a_stray_is_swept_away_by_its_own_database(
    journal: Journal, by: str, is_swept: bool
) -> None:
    journal.close()
    make_old(journal.file)

    JournalFolder(journal.file.parent, database=by, is_shared=False).sweep([])

    assert journal.file.exists() is not is_swept


@pytest.mark.parametrize("is_known", [True, False])
def test_neither_what_a_row_names_nor_what_is_in_use_is_swept_away(
    journal: Journal, is_known: bool
) -> None:
    make_old(journal.file)
    if is_known:
        journal.close()
    known = [journal.name] if is_known else []

    JournalFolder(journal.file.parent, database=THIS, is_shared=True).sweep(known)

    assert journal.file.exists()


def test_who_writes_their_journal_anew_while_somebody_looks_lives(
    journal: Journal, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compacts() -> None:
        with monkeypatch.context() as small:
            small.setattr(journal_module, "_COMPACT_ABOVE", 0)
            journal.settle([])

    opening_and_then(monkeypatch, compacts)

    assert not is_dead(journal, sender)


def test_who_ends_while_somebody_looks_is_no_dead_sender_to_be_replayed(
    journal: Journal, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening_and_then(monkeypatch, journal.remove)

    assert not is_dead(journal, sender)
