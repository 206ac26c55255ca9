"""The counter of the live copy, on the disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.counter_file import CounterFile


def test_there_is_no_number_before_the_first(tmp_path: Path) -> None:
    assert CounterFile(tmp_path / "journals").read() is None


def test_the_last_number_stands_in_a_folder_of_its_owners(tmp_path: Path) -> None:
    counter = CounterFile(tmp_path / "journals")

    counter.write(0)
    counter.write(17)

    assert CounterFile(tmp_path / "journals").read() == 17
    assert stat.S_IMODE(counter.file.parent.stat().st_mode) == 0o700
    assert sorted(file.name for file in counter.file.parent.iterdir()) == ["live", "live.17"]


def test_an_older_number_that_is_copied_over_it_does_not_count(tmp_path: Path) -> None:
    counter = CounterFile(tmp_path)
    counter.write(9)
    backup = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    counter.write(17)

    for name, content in backup.items():
        (tmp_path / name).write_bytes(content)

    assert counter.read() == 17


def test_a_number_may_be_begun_anew(tmp_path: Path) -> None:
    counter = CounterFile(tmp_path)
    counter.write(17)
    counter.file.unlink()

    counter.write(2)

    assert counter.read() == 2


@pytest.mark.parametrize("content", ["", "\n", "seventeen", "-1", "1 7"])
def test_what_is_no_number_counts_as_none(content: str, tmp_path: Path) -> None:
    counter = CounterFile(tmp_path)
    counter.file.write_text(content, encoding="utf-8")

    assert counter.read() is None


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    counter = CounterFile(tmp_path)
    counter.file.mkdir()

    with pytest.raises(SurroundingsFailed, match="cannot be read") as on_reading:
        counter.read()
    with pytest.raises(SurroundingsFailed, match="cannot be written"):
        counter.write(1)

    assert on_reading.value.where == str(counter.file)
