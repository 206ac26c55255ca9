from __future__ import annotations

from hashlib import sha256

import pytest

from newsletter.composer.pictures.image_sources import image_sources
from newsletter.composer.pictures.images import UnusableImage, read_picture
from tests.builders import a_catalogue, a_letter, an_article, an_edition, an_image


@pytest.mark.parametrize(
    ("file_format", "extension", "media_type"),
    [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("GIF", "gif", "image/gif")],
)
def test_an_image_is_published_under_the_hash_of_its_bytes(
    file_format: str, extension: str, media_type: str
) -> None:
    content = an_image(file_format)

    picture = read_picture(content, "https://news.example.org/media/")

    assert picture.image.name == f"{sha256(content).hexdigest()[:32]}.{extension}"
    assert picture.image.media_type == media_type
    assert picture.url == f"https://news.example.org/media/{picture.image.name}"


@pytest.mark.parametrize(
    ("size", "shown"), [((1152, 700), (576, 350)), ((300, 90), (300, 90)), ((4000, 1), (576, 1))]
)
def test_an_image_is_shown_no_wider_than_the_column(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    """H16: width and height in CSS pixels."""
    picture = read_picture(an_image(size=size), "https://news.example.org/media")

    assert (picture.width, picture.height) == shown


@pytest.mark.parametrize("file_format", ["WEBP", "BMP"])
def test_an_image_that_mail_programs_do_not_show_is_named_by_its_format(file_format: str) -> None:
    """H16: PNG, JPEG and GIF only."""
    with pytest.raises(UnusableImage, match=f"a {file_format} image"):
        read_picture(an_image(file_format), "https://news.example.org/media")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg/>",
        b"\x89PNG\r\n\x1a\n",
        an_image()[:60],
        an_image("JPEG", size=(900, 900))[:-300],
    ],
    ids=["empty", "svg", "nothing but a signature", "cut off", "cut off near the end"],
)
def test_bytes_that_are_no_image_are_refused(content: bytes) -> None:
    with pytest.raises(UnusableImage):
        read_picture(content, "https://news.example.org/media")


def test_each_source_is_asked_for_once_and_in_order() -> None:
    images = [{"src": name, "decorative": True} for name in ("b.png", "a.png", "b.png")]
    content = an_edition(a_letter(), *(an_article(image=image) for image in images))

    assert image_sources(content, a_catalogue()) == ("b.png", "a.png")
