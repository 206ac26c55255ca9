"""Reading the images beside an edition file."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.app.edition_images import read_images
from newsletter.composer.pictures.opening import MAX_BYTES
from newsletter.domain.errors import BadInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = tmp_path / "edition"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a.png").write_bytes(b"a")
    return folder


def test_each_image_that_is_there_is_read(folder: Path) -> None:
    found = read_images(folder, ["images/a.png", "images/b.png", "images"])

    assert found == {"images/a.png": b"a"}


def test_a_name_does_not_lead_out_of_the_folder(folder: Path) -> None:
    """X9."""
    names = ["../secret.png", "images/../../secret.png", str(folder.parent / "secret.png")]

    assert read_images(folder, names) == {}


def test_a_link_does_not_lead_out_of_the_folder(folder: Path) -> None:
    """X9."""
    (folder / "b.png").symlink_to(folder.parent / "secret.png")
    (folder / "up").symlink_to(folder.parent)

    assert read_images(folder, ["b.png", "up/secret.png"]) == {}


def test_a_link_inside_of_the_folder_is_followed(folder: Path) -> None:
    (folder / "b.png").symlink_to(folder / "images" / "a.png")

    assert read_images(folder, ["b.png"]) == {"b.png": b"a"}


def test_names_that_no_file_can_have_count_as_not_there(folder: Path) -> None:
    (folder / "circle").symlink_to(folder / "circle")

    assert read_images(folder, ["a\0b", "x" * 5000, "circle", "circle/a.png", ""]) == {}


def test_an_image_that_may_not_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)

    with pytest.raises(BadInput, match=r"cannot read the image images/a\.png: Permission denied"):
        read_images(folder, ["images/a.png"])


def test_no_more_is_read_of_a_large_file_than_shows_that_it_is_too_large(folder: Path) -> None:
    with (folder / "large.png").open("wb") as file:
        file.truncate(MAX_BYTES * 5)

    assert len(read_images(folder, ["large.png"])["large.png"]) == MAX_BYTES + 1
