"""Who is taken for dead, by the lock on a journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.dispatch import journal as journal_module
from newsletter.dispatch.journal import Journal
from newsletter.dispatch.senders import JournalFolder, Sender

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.create(tmp_path, is_power_safe=False)
    yield journal
    journal.close()


@pytest.fixture
def sender(journal: Journal) -> Sender:
    return Sender(1, "here", os.getpid(), journal.name, NOW)


def is_dead(journal: Journal, sender: Sender) -> bool:
    folder = JournalFolder(journal.file.parent, is_shared=True)
    with folder.death(sender, NOW) as is_dead:
        return is_dead


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


def test_who_has_no_journal_is_dead(journal: Journal, sender: Sender) -> None:
    journal.file.unlink()

    assert is_dead(journal, sender)


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
