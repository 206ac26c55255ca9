"""The folder that the archive is written into: what is in it, and what may not happen to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from newsletter.app.archive.export_folder import MARKER, Exported, open_folder
from newsletter.domain.errors import BadInput, SurroundingsFailed

FILES = {"index.html": b"root", "en/index.html": b"news", "media/a.png": b"picture"}


def export(folder: Path, files: Mapping[str, bytes] = FILES) -> Exported:
    return open_folder(folder).write(files, files.__getitem__, lambda _done, _total: None)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file but the marker, by its name."""
    found = (one for one in folder.rglob("*") if one.is_file() and one.name != MARKER)
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in found}


def marker(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("is_there", [True, False])
def test_a_new_folder_and_an_empty_one_get_every_file(tmp_path: Path, is_there: bool) -> None:
    folder = tmp_path / "below" / "public"
    if is_there:
        folder.mkdir(parents=True)

    exported = export(folder)

    assert exported == Exported(files=3, written=3, removed=0)
    assert tree(folder) == FILES
    assert marker(folder) == {
        "format": "newsletter-archive",
        "version": 1,
        "complete": True,
        "files": sorted(FILES),
    }


def test_a_second_export_touches_what_differs_and_nothing_else(tmp_path: Path) -> None:
    export(tmp_path)
    before = (tmp_path / "media" / "a.png").stat()

    exported = export(tmp_path, FILES | {"en/index.html": b"newer news", "cy/index.html": b"new"})

    assert exported == Exported(files=4, written=2, removed=0)
    after = (tmp_path / "media" / "a.png").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_is_public_no_more_goes_and_what_somebody_put_there_stays(tmp_path: Path) -> None:
    export(tmp_path, FILES | {"en/archive/old/index.html": b"old", "en/archive/old.txt": b"old"})
    (tmp_path / "CNAME").write_text("news.example.org")
    (tmp_path / "en" / "archive" / "mine.html").write_text("mine")

    exported = export(tmp_path)

    assert exported.removed == 2
    assert not (tmp_path / "en" / "archive" / "old").exists()
    assert tree(tmp_path).keys() == FILES.keys() | {"CNAME", "en/archive/mine.html"}


def test_a_rehearsal_says_what_would_come_of_it_and_touches_nothing(tmp_path: Path) -> None:
    export(tmp_path)
    before = tree(tmp_path)
    changed = {"index.html": b"other", "new.html": b"new"}

    told = open_folder(tmp_path).compare(changed, changed.__getitem__)

    assert told == Exported(files=2, written=2, removed=2)
    assert tree(tmp_path) == before
    folder = tmp_path / "none"
    open_folder(folder).compare(changed, changed.__getitem__)
    assert not folder.exists()


def test_a_run_that_is_broken_off_is_not_taken_for_whole_and_the_next_one_mends_it(
    tmp_path: Path,
) -> None:
    def content(name: str) -> bytes:
        if name == "media/a.png":
            raise KeyboardInterrupt
        return FILES[name]

    with pytest.raises(KeyboardInterrupt):
        open_folder(tmp_path).write(FILES, content, lambda _done, _total: None)

    assert marker(tmp_path)["complete"] is False
    assert "index.html" not in tree(tmp_path)
    fewer = {"index.html": b"root"}
    export(tmp_path, fewer)
    assert marker(tmp_path)["complete"] is True
    assert tree(tmp_path) == fewer


def test_while_one_is_under_way_the_folder_says_so(tmp_path: Path) -> None:
    export(tmp_path)
    seen: list[object] = []

    open_folder(tmp_path).write(
        FILES,
        FILES.__getitem__,
        lambda done, total: seen.append((done, total, marker(tmp_path)["complete"])),
    )

    assert seen == [(1, 3, False), (2, 3, False), (3, 3, False)]
    assert marker(tmp_path)["complete"] is True


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("holiday.jpg", "not ours"),
        (MARKER, "not JSON"),
        (MARKER, "[]"),
        (MARKER, '{"format": "other", "version": 1, "files": []}'),
        (MARKER, '{"format": "newsletter-archive", "version": 1, "files": ["../keys.json"]}'),
        (MARKER, '{"format": "newsletter-archive", "version": 1, "files": ["/etc/passwd"]}'),
        (MARKER, '{"format": "newsletter-archive", "version": 1, "files": [""]}'),
        (MARKER, '{"format": "newsletter-archive", "version": 1, "files": [7]}'),
    ],
)
def test_a_folder_that_is_not_an_archive_is_left_alone(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(BadInput, match=r"archive|export"):
        export(tmp_path)

    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")

    with pytest.raises(BadInput, match="no folder"):
        export(file)


@pytest.mark.parametrize("step", ["write", "remove"])
def test_a_link_inside_the_folder_leads_nowhere_out_of_it(tmp_path: Path, step: str) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "public"
    outside.mkdir()
    (outside / "index.html").write_bytes(b"mine")
    export(folder)
    (folder / "en" / "index.html").unlink()
    (folder / "en").rmdir()
    (folder / "en").symlink_to(outside)

    with pytest.raises(BadInput, match="leads out of the folder"):
        export(folder, FILES if step == "write" else {"index.html": b"root"})

    assert (outside / "index.html").read_bytes() == b"mine"
    assert marker(folder)["complete"] is False


def test_a_disk_that_does_not_take_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SurroundingsFailed, match="cannot be written"):
        export(tmp_path / "file" / "public")


def test_a_web_server_may_read_what_is_written(tmp_path: Path) -> None:
    export(tmp_path)

    assert (tmp_path / "en" / "index.html").stat().st_mode & 0o777 == 0o644
