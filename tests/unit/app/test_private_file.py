"""Files about people: their owner's alone, whole or not at all."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.app.private_file import Writable, private_file, write_new
from newsletter.domain.errors import BadInput, SurroundingsFailed


@contextmanager
def writing_to(file: Path) -> Iterator[Writable]:
    with private_file(file, what="the list", cure="Look at the disk.") as out:
        yield out


@contextmanager
def files_no_larger_than(number: int) -> Iterator[None]:
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.mark.parametrize("there_before", [False, True])
def test_the_file_is_its_owners_alone_whatever_was_there(
    tmp_path: Path, there_before: bool
) -> None:
    """X13"""
    file = tmp_path / "list.csv"
    if there_before:
        file.write_text("an earlier one", encoding="utf-8")
        file.chmod(0o644)
    umask = os.umask(0)

    try:
        with writing_to(file) as out:
            out.write("Siân\r\n")
    finally:
        os.umask(umask)

    assert file.read_bytes() == "Siân\r\n".encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_an_earlier_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("an earlier one", encoding="utf-8")

    with pytest.raises(KeyError), writing_to(file) as out:  # noqa: PT012 - the block is what fails
        out.write("half")
        raise KeyError

    assert file.read_text(encoding="utf-8") == "an earlier one"
    assert list(tmp_path.iterdir()) == [file]


def test_a_disk_that_takes_no_more_is_told_and_leaves_the_earlier_file(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("an earlier one", encoding="utf-8")

    with files_no_larger_than(4096), pytest.raises(SurroundingsFailed) as told:  # noqa: SIM117
        with writing_to(file) as out:
            out.write("x" * 100_000)

    assert told.value.lines() == [
        f"{file}: the list cannot be written: File too large",
        "Look at the disk.",
    ]
    assert file.read_text(encoding="utf-8") == "an earlier one"
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_folder_is_told_with_the_cure(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "list.csv"

    with pytest.raises(SurroundingsFailed, match="No such file") as told, writing_to(file):
        pass

    assert (told.value.where, told.value.cure) == (str(file), "Look at the disk.")


def test_a_missing_folder_can_be_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "imports" / "list.csv"

    with private_file(file, what="the list", cure="", make_folder=True) as out:
        out.write("x")

    assert file.read_text(encoding="utf-8") == "x"
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_the_block_itself_meets_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), writing_to(tmp_path / "list.csv"):
        (tmp_path / "another.csv").read_bytes()


def test_a_link_goes_on_naming_its_file(tmp_path: Path) -> None:
    link = tmp_path / "latest.csv"
    link.symlink_to("october.csv")

    with writing_to(link) as out:
        out.write("x")

    assert link.is_symlink()
    assert (tmp_path / "october.csv").read_text(encoding="utf-8") == "x"


def test_a_folder_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    for file in (tmp_path, pipe):
        with pytest.raises(BadInput, match="a folder or a device"), writing_to(file):
            pass

    assert pipe.is_fifo()


def test_a_new_file_is_its_owners_alone_and_so_is_its_folder(tmp_path: Path) -> None:
    """A5"""
    file = tmp_path / "keys" / "key.pem"

    write_new(file, "cyfrinach", what="the key", cure="Look at the disk.")

    assert file.read_text() == "cyfrinach"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_new_file_is_never_written_over_another(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("before")

    with pytest.raises(BadInput, match="is there already"):
        write_new(file, "after", what="the key", cure="Name another.")

    assert file.read_text() == "before"


def test_a_new_file_that_does_not_fit_on_the_disk_is_not_there_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"

    with files_no_larger_than(4), pytest.raises(SurroundingsFailed, match="the key cannot be"):
        write_new(file, "x" * 100, what="the key", cure="Look at the disk.")

    assert not file.exists()
