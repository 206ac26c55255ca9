"""The key ring's file is whole, its owner's alone, and never overwritten."""

from __future__ import annotations

import base64
import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from newsletter.domain.errors import Refused, SurroundingsFailed
from newsletter.tokens.key_ring import KeyRing, add_key, create_key_ring, read_key_ring

KEY = base64.b64encode(bytes(range(32))).decode()


def a_key_file(folder: Path, content: str, mode: int = 0o600) -> Path:
    file = folder / "keys.json"
    file.write_text(content)
    file.chmod(mode)
    return file


def test_a_new_ring_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    file = tmp_path / "data" / "keys.json"

    made = create_key_ring(file)

    assert read_key_ring(file) == made
    assert len(made.keys[made.active]) == 32


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    """X13."""
    file = tmp_path / "keys.json"

    create_key_ring(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_keys_that_are_there_are_never_overwritten(tmp_path: Path) -> None:
    """T4: losing the keys would strand the mail that is out."""
    file = tmp_path / "keys.json"
    made = create_key_ring(file)

    with pytest.raises(SurroundingsFailed, match="there are keys already"):
        create_key_ring(file)

    assert read_key_ring(file) == made
    assert list(tmp_path.iterdir()) == [file]


def test_a_draft_left_by_a_crash_is_not_in_the_way(tmp_path: Path) -> None:
    """In a container the next process often has the same id."""
    (tmp_path / f".keys.json.{os.getpid()}").touch()

    made = create_key_ring(tmp_path / "keys.json")

    assert read_key_ring(tmp_path / "keys.json") == made


def test_two_rings_have_different_keys(tmp_path: Path) -> None:
    assert create_key_ring(tmp_path / "a").keys != create_key_ring(tmp_path / "b").keys


def test_a_folder_that_cannot_be_made_is_told_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")

    with pytest.raises(SurroundingsFailed, match="may write in the folder"):
        create_key_ring(tmp_path / "data" / "keys.json" / "keys.json")


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_disk_without_hard_links_is_told_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_links(_path: Path, _target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "hardlink_to", no_links)

    with pytest.raises(SurroundingsFailed, match="no hard links"):
        create_key_ring(tmp_path / "keys.json")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_keys_open_to_others_are_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    """X13."""
    file = a_key_file(tmp_path, json.dumps({"active": 0, "keys": {"0": KEY}}), mode)

    with pytest.raises(SurroundingsFailed, match=f"mode {mode:04o}") as refused:
        read_key_ring(file)

    assert refused.value.cure == f"Run: chmod 600 {file}"


def test_missing_keys_name_the_command_that_makes_them(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsFailed, match="newsletter init"):
        read_key_ring(tmp_path / "keys.json")


def test_a_folder_in_place_of_the_keys_is_told(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsFailed, match="cannot read the keys"):
        read_key_ring(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "\ufeff{}",
        "[]",
        "{}",
        {"active": 0, "keys": [KEY]},
        {"active": 0, "keys": {}},
        {"active": 1, "keys": {"0": KEY}},
        {"active": True, "keys": {"1": KEY}},
        {"active": 0, "keys": {"0": KEY, "x": KEY}},
        {"active": 0, "keys": {"0": KEY, "64": KEY}},
        {"active": -1, "keys": {"-1": KEY}},
        {"active": 0, "keys": {"0": "c2hvcnQ="}},
        {"active": 0, "keys": {"0": f"{KEY}*"}},
        {"active": 0, "keys": {"0": 5}},
    ],
)
def test_garbled_keys_are_refused_and_never_quoted(tmp_path: Path, content: Any) -> None:
    """X13."""
    text = content if isinstance(content, str) else json.dumps(content)

    with pytest.raises(SurroundingsFailed, match="garbled") as refused:
        read_key_ring(a_key_file(tmp_path, text))

    assert KEY not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_ring_never_shows_its_keys() -> None:
    """X13."""
    ring = KeyRing(active=0, keys={0: b"secret" * 6})

    assert "secret" not in repr(ring)
    assert "secret" not in str(ring)


def test_every_purpose_and_every_key_has_its_own_derived_key() -> None:
    """T2."""
    ring = KeyRing(active=0, keys={0: bytes(32), 1: bytes(31) + b"\1"})

    derived = {ring.derive(key_id, purpose) for key_id in (0, 1) for purpose in ("a", "b")}

    assert len(derived) == 4
    assert all(len(key) == 32 for key in derived)
    assert derived.isdisjoint(ring.keys.values())


def test_a_key_that_is_added_signs_and_the_others_stay(tmp_path: Path) -> None:
    """T4."""
    file = tmp_path / "keys.json"
    before = create_key_ring(file)

    grown = add_key(file)

    assert grown.active == 1
    assert grown.keys[0] == before.keys[0]
    assert len(grown.keys[1]) == 32
    assert grown.keys[1] != grown.keys[0]
    assert read_key_ring(file) == grown
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_number_is_never_given_to_a_second_key(tmp_path: Path) -> None:
    """Mail that the first one signed would be read with the second."""
    file = a_key_file(tmp_path, json.dumps({"active": 2, "keys": {"2": KEY, "7": KEY}}))

    assert add_key(file).active == 8


def test_a_ring_that_is_full_takes_no_key_and_stays_as_it_is(tmp_path: Path) -> None:
    file = a_key_file(tmp_path, json.dumps({"active": 63, "keys": {"63": KEY}}))
    before = file.read_bytes()

    with pytest.raises(Refused, match="full"):
        add_key(file)

    assert file.read_bytes() == before


def test_a_ring_that_cannot_be_written_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keys.json"
    before = create_key_ring(file)
    monkeypatch.setattr(os, "fsync", _disk_is_full)

    with pytest.raises(SurroundingsFailed, match="cannot write the keys"):
        add_key(file)

    assert read_key_ring(file) == before
    assert list(tmp_path.iterdir()) == [file]


def _disk_is_full(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
