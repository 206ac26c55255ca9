"""The lock by which one process does a thing at a time."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.process_lock import process_lock


def test_who_comes_second_is_told_who_was_first(tmp_path: Path) -> None:
    with (
        process_lock(tmp_path / "locks", "2026-10") as first,
        process_lock(tmp_path / "locks", "2026-10") as second,
    ):
        pass

    assert first is None
    assert str(second) == f"{socket.gethostname()}, process {os.getpid()}"


def test_a_name_is_put_in_place_of_a_longer_one(tmp_path: Path) -> None:
    (tmp_path / "2026-10.lock").write_text(f"{'a-very-long-name.' * 9}example.org 1234567")

    with process_lock(tmp_path, "2026-10"), process_lock(tmp_path, "2026-10") as second:
        pass

    assert str(second) == f"{socket.gethostname()}, process {os.getpid()}"


def test_locks_of_other_names_are_no_hindrance(tmp_path: Path) -> None:
    with process_lock(tmp_path, "2026-10"), process_lock(tmp_path, "2026-11") as other:
        pass

    assert other is None


def test_it_is_free_again_after_the_block_also_when_that_raises(tmp_path: Path) -> None:
    with pytest.raises(KeyError), process_lock(tmp_path, "2026-10"):
        raise KeyError

    with process_lock(tmp_path, "2026-10") as other:
        assert other is None


def test_what_the_block_cannot_read_is_not_the_locks_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), process_lock(tmp_path, "2026-10"):
        (tmp_path / "nowhere").read_bytes()


def test_a_full_disk_is_named_with_a_cure_and_leaves_no_lock_behind(tmp_path: Path) -> None:
    file = tmp_path / "2026-10.lock"
    file.symlink_to("/dev/full")

    for _ in range(2):
        with (
            pytest.raises(SurroundingsFailed, match="No space left on device") as caught,
            process_lock(tmp_path, "2026-10"),
        ):
            pass

    assert str(caught.value).startswith(f"{file}: ")
    assert "the disk has room" in str(caught.value.cure)


def test_what_stands_in_the_way_of_the_file_or_its_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "2026-10.lock").mkdir()
    (tmp_path / "locks").write_text("no folder")

    for folder, says in ((tmp_path, "Is a directory"), (tmp_path / "locks", "File exists")):
        with (
            pytest.raises(SurroundingsFailed, match=says) as caught,
            process_lock(folder, "2026-10"),
        ):
            pass
        assert str(caught.value).startswith(f"{folder / '2026-10.lock'}: ")
