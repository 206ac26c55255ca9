"""What is said when rejected rows cannot be kept, and what is not blamed on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.app.list_files.tables import ListRow
from newsletter.app.reject_file import open_reject_file
from newsletter.domain.errors import SurroundingsFailed

ROW = ListRow(3, ("dai@",))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "imports"
    folder.write_text("in the way", encoding="utf-8")

    with (
        pytest.raises(SurroundingsFailed, match="the rejected rows cannot be written") as told,
        open_reject_file(folder, Path("list.csv"), ["email"]) as rejects,
    ):
        rejects.add(ROW, "no address")

    assert told.value.where == str(folder / "list.rejected.csv")
    assert "nothing was imported" in str(told.value.cure)


def test_a_list_that_cannot_be_read_is_not_blamed_on_the_rejected_rows(tmp_path: Path) -> None:
    with (  # noqa: PT012 - the block is what fails
        pytest.raises(FileNotFoundError),
        open_reject_file(tmp_path, Path("list.csv"), ["email"]) as rejects,
    ):
        rejects.add(ROW, "no address")
        (tmp_path / "list.csv").read_bytes()


def test_an_import_that_fails_leaves_the_rejected_rows_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "list.rejected.csv"
    file.write_text("row,reason,email\n", encoding="utf-8")

    with (  # noqa: PT012 - the block is what fails
        pytest.raises(KeyError),
        open_reject_file(tmp_path, Path("list.csv"), ["email"]) as rejects,
    ):
        rejects.add(ROW, "no address")
        raise KeyError

    assert file.read_text(encoding="utf-8") == "row,reason,email\n"
    assert list(tmp_path.iterdir()) == [file]
