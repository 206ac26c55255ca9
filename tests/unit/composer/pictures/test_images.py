"""Pictures of images: names, sizes, cuts and what the checks are told."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.composer.pictures.images import PictureShape, read_picture
from tests.image_files import (
    BLUE,
    RED,
    a_drawing,
    a_photo,
    file_of,
    image_in,
    two_halves,
)

MEDIA = "https://news.example.org/media"


@pytest.mark.parametrize(
    ("content", "extension", "media_type"),
    [
        (file_of(a_drawing(), "PNG"), "png", "image/png"),
        (file_of(a_photo(), "JPEG"), "jpg", "image/jpeg"),
        (file_of(a_drawing(), "GIF"), "png", "image/png"),
    ],
)
def test_an_image_is_published_under_the_hash_of_what_is_published(
    content: bytes, extension: str, media_type: str
) -> None:
    picture = read_picture(content, f"{MEDIA}/", PictureShape(576))

    digest = sha256(picture.media.content).hexdigest()[:32]
    assert picture.media.name == f"{digest}.{extension}"
    assert picture.media.media_type == media_type
    assert picture.url == f"{MEDIA}/{picture.media.name}"


@pytest.mark.parametrize(
    ("size", "shown", "kept"),
    [
        ((200, 122), (100, 61), (200, 122)),
        ((500, 250), (100, 50), (200, 100)),
        ((150, 60), (100, 40), (150, 60)),
        ((70, 20), (70, 20), (70, 20)),
        ((4000, 1), (100, 1), (200, 1)),
    ],
)
def test_an_image_is_shown_no_wider_than_wanted_in_double_density_at_most(
    size: tuple[int, int], shown: tuple[int, int], kept: tuple[int, int]
) -> None:
    """H16: width and height in CSS pixels; no image is made larger than it is."""
    picture = read_picture(file_of(a_drawing(size), "PNG"), MEDIA, PictureShape(100))

    assert (picture.width, picture.height) == shown
    assert image_in(picture).size == kept


def test_the_checks_are_told_what_the_file_was() -> None:
    content = file_of(a_photo((500, 400)), "WEBP")

    picture = read_picture(content, MEDIA, PictureShape(576, Fraction(3, 2)))

    assert picture.source_format == "WEBP"
    assert picture.source_bytes == len(content)
    assert picture.source_size == (500, 400)
    assert (picture.wanted_width, picture.is_small) == (576, True)
    assert (picture.is_animated, picture.is_stilled) == (False, False)


def test_an_image_that_fills_its_place_is_not_small() -> None:
    picture = read_picture(file_of(a_drawing((576, 300)), "PNG"), MEDIA, PictureShape(576))

    assert not picture.is_small


@pytest.mark.parametrize(
    ("focus", "colour"), [((0.0, 0.5), RED), ((0.2, 0.0), RED), ((0.8, 1.0), BLUE), ((1, 0), BLUE)]
)
def test_the_focus_stays_in_view_when_an_image_is_cut_in_width(
    focus: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    content = file_of(two_halves(), "PNG")

    picture = read_picture(content, MEDIA, PictureShape(100, Fraction(1), focus))

    assert image_in(picture).size == (100, 100)
    assert image_in(picture).convert("RGB").getcolors() == [(100 * 100, colour)]


def test_the_focus_stays_in_view_when_an_image_is_cut_in_height() -> None:
    turned = two_halves((200, 100)).transpose(Image.Transpose.ROTATE_90)
    content = file_of(turned, "PNG")

    picture = read_picture(content, MEDIA, PictureShape(100, Fraction(1), (0.5, 0.9)))

    assert image_in(picture).convert("RGB").getcolors() == [(100 * 100, RED)]


def test_without_a_focus_the_middle_stays_in_view() -> None:
    picture = read_picture(file_of(two_halves(), "PNG"), MEDIA, PictureShape(100, Fraction(1)))

    assert image_in(picture).convert("RGB").getcolors() == [(5000, RED), (5000, BLUE)]


@given(
    size=st.tuples(st.integers(1, 160), st.integers(1, 160)),
    file_format=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]),
    width=st.integers(1, 100),
    crop=st.none() | st.builds(Fraction, st.integers(1, 12), st.integers(1, 12)),
    focus=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_any_image_in_any_shape_stays_within_bounds_and_in_proportion(
    size: tuple[int, int],
    file_format: str,
    width: int,
    crop: Fraction | None,
    focus: tuple[float, float],
) -> None:
    content = file_of(a_photo(size), file_format)

    picture = read_picture(content, MEDIA, PictureShape(width, crop, focus))

    published = image_in(picture)
    wanted = crop or Fraction(*size)
    assert published.width <= min(2 * width, size[0])
    assert 1 <= picture.width <= width
    assert abs(published.width - wanted * published.height) <= 1 + wanted
    assert abs(picture.width - wanted * picture.height) <= 1 + 2 * wanted
    assert "icc_profile" not in published.info
    assert not published.getexif()


def test_a_large_photograph_from_a_phone_is_light_and_soon_done() -> None:
    """Studio notes 11, rule 21: one second, 1,200 pixels, 250 kB, no EXIF data."""
    taken = Image.Exif()
    taken[0x0112] = 6
    content = file_of(a_photo((4032, 3024), grain=24), "JPEG", quality=92, exif=taken)

    began = process_time()
    picture = read_picture(content, MEDIA, PictureShape(576))
    took = process_time() - began

    assert took <= 1
    assert image_in(picture).size == (1152, 1536)
    assert len(picture.media.content) <= 250_000
    assert not image_in(picture).getexif()
    assert picture.source_size == (3024, 4032)


def test_the_same_file_is_made_into_a_picture_once_wherever_it_is_published() -> None:
    content = file_of(a_photo((60, 40)), "PNG")

    one = read_picture(content, MEDIA, PictureShape(30))
    other = read_picture(bytes(content), "https://other.example.org", PictureShape(30))

    assert one.media is other.media
    assert other.url == f"https://other.example.org/{one.media.name}"


def test_another_shape_is_another_picture() -> None:
    content = file_of(a_photo((60, 40)), "PNG")

    one = read_picture(content, MEDIA, PictureShape(30))
    other = read_picture(content, MEDIA, PictureShape(30, Fraction(1)))

    assert one.media.name != other.media.name
