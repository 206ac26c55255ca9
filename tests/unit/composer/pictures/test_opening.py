"""Files that cannot be shown: each is refused with what it is, by no error of Pillow's."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.composer.pictures.images import PictureShape, UnusableImage, read_picture
from newsletter.composer.pictures.opening import MAX_BYTES, require_image
from newsletter.composer.pictures.unusable import ImageFault
from tests.image_files import a_drawing, a_moving_gif, a_photo, file_of, png_claiming

WHOLE = {
    "PNG": file_of(a_photo(), "PNG"),
    "JPEG": file_of(a_photo(), "JPEG"),
    "GIF": a_moving_gif(),
    "WEBP": file_of(a_photo(), "WEBP"),
    "TIFF": file_of(a_photo(), "TIFF", compression="tiff_lzw"),
    "AVIF": file_of(a_photo(), "AVIF"),
}


def refusal(content: bytes) -> UnusableImage:
    with pytest.raises(UnusableImage) as caught:
        read_picture(content, "https://news.example.org/media", PictureShape(576))
    return caught.value


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- by hand --><svg:svg>", "an SVG drawing"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "a web page"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC photo"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a film"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"8BPS\0\1", "a Photoshop image"),
        (b"PK\3\4\x14\0", "an archive, such as a ZIP file or an office document"),
        ("Llun o’r bont yw hwn.".encode(), "text"),
        (("ŵ" * 1500).encode()[1:], "text"),
        (b"\0\1\2\3\xff", "of no format known here"),
        (file_of(Image.new("F", (9, 9)), "TIFF"), "an image of measurements, not of colours"),
    ],
)
def test_what_is_no_image_read_here_is_named(content: bytes, what: str) -> None:
    error = refusal(content)

    assert error.reason is ImageFault.UNKNOWN_FORMAT
    assert str(error) == what


def test_a_format_that_pillow_reads_and_we_do_not_is_refused() -> None:
    assert refusal(file_of(a_drawing(), "PPM")).reason is ImageFault.UNKNOWN_FORMAT


@pytest.mark.parametrize("file_format", WHOLE)
@pytest.mark.parametrize("part", [0.98, 0.5, 0.02])
def test_an_image_that_was_cut_off_is_refused(file_format: str, part: float) -> None:
    whole = WHOLE[file_format]

    error = refusal(whole[: max(12, int(len(whole) * part))])

    assert error.reason is ImageFault.BROKEN
    assert str(error).endswith("image that is broken or was cut off")


def test_an_image_of_nothing_but_a_signature_is_refused() -> None:
    assert str(refusal(b"\x89PNG\r\n\x1a\n")) == "a PNG image that is broken or was cut off"


@pytest.mark.parametrize(
    ("size", "how_many"),
    [
        ((50_000, 50_000), "an image of more than 40,000,000 pixels"),
        ((12_000, 8_000), "12,000 x 8,000 pixels; 40,000,000 together are the most"),
        ((6_400, 6_400), "6,400 x 6,400 pixels; 40,000,000 together are the most"),
        ((70_000, 10), "70,000 x 10 pixels; 65,000 on a side are the most"),
    ],
)
def test_too_many_pixels_are_refused_by_what_the_header_says(
    size: tuple[int, int], how_many: str
) -> None:
    """Studio notes 9, rule 8."""
    error = refusal(png_claiming(*size))

    assert error.reason is ImageFault.TOO_MANY_PIXELS
    assert str(error).endswith(how_many)


def test_a_header_that_claims_more_than_there_is_is_refused() -> None:
    assert refusal(png_claiming(3_000, 3_000)).reason is ImageFault.BROKEN


def test_data_that_unpack_to_more_than_the_header_claims_are_not_unpacked_further() -> None:
    bomb = png_claiming(10, 10, bytes(30_000_000))

    picture = read_picture(bomb, "m", PictureShape(576))

    assert picture.source_size == (10, 10)


def test_a_comment_that_unpacks_to_megabytes_is_not_unpacked() -> None:
    bomb = png_claiming(10, 10, comment=bytes(30_000_000))

    assert refusal(bomb).reason is ImageFault.BROKEN


def test_too_many_bytes_are_refused_before_they_are_looked_into() -> None:
    content = file_of(a_drawing(), "PNG")

    error = refusal(content + bytes(MAX_BYTES))

    assert error.reason is ImageFault.TOO_MANY_BYTES
    assert str(error) == "a PNG image of more than 10,000,000 bytes"


@pytest.mark.parametrize("file_format", WHOLE)
def test_an_image_that_is_whole_is_what_is_required(file_format: str) -> None:
    require_image(WHOLE[file_format])

    with pytest.raises(UnusableImage, match="was cut off"):
        require_image(WHOLE[file_format][:200])


@given(file_format=st.sampled_from(sorted(WHOLE)), data=st.data())
def test_no_damage_raises_anything_else(file_format: str, data: st.DataObject) -> None:
    damaged = bytearray(WHOLE[file_format])
    places = st.integers(0, min(len(damaged), 600) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))

    with suppress(UnusableImage):
        assert read_picture(bytes(damaged), "m", PictureShape(50)).width <= 50
