"""Still images of every format and colour model: what is seen is kept, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PIL import Image, ImageChops, ImageCms
from PIL.PngImagePlugin import PngInfo

from newsletter.composer.pictures.images import Picture, PictureShape, read_picture
from tests.image_files import (
    BLUE,
    RED,
    SECRET,
    a_drawing,
    a_mark,
    a_photo,
    file_of,
    image_in,
    two_halves,
)

HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
INVERSE = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def read(content: bytes) -> Picture:
    return read_picture(content, "https://news.example.org/media", PictureShape(576))


def colour_in_the_middle(picture: Picture) -> tuple[int, ...]:
    image = image_in(picture).convert("RGB")
    colour = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(colour, tuple)
    return colour


def taken_in_a_garden(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = orientation
    exif[0x8825] = {1: "N", 2: (52.0, 24.0, 30.0), 3: "W", 4: (4.0, 5.0, 1.0)}
    return exif.tobytes()


def text_chunks() -> PngInfo:
    chunks = PngInfo()
    chunks.add_text("Comment", SECRET.decode())
    chunks.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=False)
    return chunks


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def with_red_and_green_exchanged() -> bytes:
    profile = srgb()
    for old, new in ((b"rXYZ", b"????"), (b"gXYZ", b"rXYZ"), (b"????", b"gXYZ")):
        profile = profile.replace(old, new, 1)
    return profile


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("JPEG", {"exif": taken_in_a_garden(), "comment": SECRET, "xmp": SECRET}),
        ("PNG", {"exif": taken_in_a_garden(), "pnginfo": text_chunks(), "dpi": (300, 300)}),
        ("WEBP", {"exif": taken_in_a_garden(), "xmp": SECRET}),
        ("TIFF", {"exif": taken_in_a_garden(), "description": SECRET.decode()}),
        ("GIF", {"comment": SECRET}),
    ],
)
@pytest.mark.parametrize("image", [a_photo(), a_drawing()], ids=["photo", "drawing"])
def test_what_cameras_and_programs_write_beside_the_pixels_is_not_published(
    file_format: str, options: Mapping[str, object], image: Image.Image
) -> None:
    """H16: where a photograph was taken is nobody's business."""
    content = file_of(image, file_format, icc_profile=srgb(), **options)
    assert SECRET in content

    picture = read(content)

    published = image_in(picture)
    assert SECRET not in picture.media.content
    assert set(published.info) <= HARMLESS
    assert not published.getexif()


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", INVERSE)
def test_an_image_is_the_right_way_up(orientation: int, file_format: str) -> None:
    seen = a_drawing((60, 30))
    turn = INVERSE[orientation]
    stored = seen if turn is None else seen.transpose(turn)
    lossless = {"lossless": True} if file_format == "WEBP" else {}

    picture = read(file_of(stored, file_format, exif=taken_in_a_garden(orientation), **lossless))

    assert (picture.width, picture.height) == picture.source_size == (60, 30)
    assert ImageChops.difference(image_in(picture).convert("RGB"), seen).getbbox() is None


def test_a_photograph_that_was_taken_upright_is_cut_upright() -> None:
    stored = two_halves((1600, 800)).transpose(Image.Transpose.ROTATE_90)
    content = file_of(stored, "JPEG", exif=taken_in_a_garden(6))

    picture = read_picture(content, "m", PictureShape(100, focus=(0, 0)))

    assert (picture.width, picture.height) == (100, 50)
    assert image_in(picture).size == (200, 100)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("exif", [b"illegible", b"II*\0\xff\xff\xff\x7f"])
def test_unreadable_exif_data_are_passed_over(file_format: str, exif: bytes) -> None:
    assert read(file_of(a_photo(), file_format, exif=b"Exif\0\0" + exif)).width == 400


def test_the_colours_of_an_embedded_profile_are_what_is_shown() -> None:
    content = file_of(
        Image.new("RGB", (50, 50), RED), "PNG", icc_profile=with_red_and_green_exchanged()
    )

    red, green, _ = colour_in_the_middle(read(content))

    assert green > 150 > 100 > red


def test_a_profile_is_applied_to_what_is_transparent_as_well() -> None:
    content = file_of(a_mark(), "PNG", icc_profile=with_red_and_green_exchanged())

    published = image_in(read(content)).convert("RGBA")

    red, green, _, opacity = published.getpixel((100, 50))  # type: ignore[misc]
    assert (green > 150 > 100 > red, opacity) == (True, 255)
    assert published.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_profile_that_cannot_be_used_is_passed_over(mode: str) -> None:
    image = Image.new("RGB", (50, 50), (120, 120, 120)).convert(mode)
    profile = b"no profile" if mode == "RGB" else srgb()

    picture = read(file_of(image, "PNG", icc_profile=profile))

    assert colour_in_the_middle(picture) == (120, 120, 120)


def test_an_image_for_the_press_has_the_colours_of_screens() -> None:
    content = file_of(Image.new("CMYK", (50, 50), (0, 255, 255, 0)), "JPEG", quality=95)

    red, green, blue = colour_in_the_middle(read(content))

    assert red > 240
    assert max(green, blue) < 15


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (32_768, 128), (65_535, 255)])
def test_sixteen_bits_become_eight(value: int, shown: int) -> None:
    content = file_of(Image.new("I;16", (50, 50), value), "PNG")

    assert colour_in_the_middle(read(content)) == (shown, shown, shown)


def test_a_palette_with_transparency_stays_transparent() -> None:
    image = a_drawing().quantize(8)
    blue = image.getpixel((399, 299))

    published = image_in(read(file_of(image, "PNG", transparency=blue))).convert("RGBA")

    assert published.getpixel((0, 0)) == (*RED, 255)
    assert published.getpixel((399, 299)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("file_format", "options"),
    [("WEBP", {"lossless": True}), ("BMP", {}), ("TIFF", {}), ("AVIF", {"quality": 100})],
)
def test_what_mail_programs_do_not_show_is_turned_into_what_they_do(
    file_format: str, options: Mapping[str, object]
) -> None:
    """H16: JPEG, PNG and GIF only."""
    picture = read(file_of(Image.new("RGB", (60, 40), BLUE), file_format, **options))

    assert picture.source_format == file_format
    assert picture.media.media_type == "image/png"
    assert max(abs(a - b) for a, b in zip(colour_in_the_middle(picture), BLUE, strict=True)) <= 4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_grey_and_opaque_images_come_out_as_they_are(mode: str) -> None:
    image = Image.new("L", (40, 40), 255)
    image.paste(0, (0, 0, 20, 40))

    published = image_in(read(file_of(image.convert(mode), "PNG"))).convert("RGBA")

    assert published.getpixel((0, 0)) == (0, 0, 0, 255)
    assert published.getpixel((39, 0)) == (255, 255, 255, 255)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF"])
def test_the_first_of_several_pictures_is_shown_and_the_rest_are_not_lost_in_silence(
    file_format: str,
) -> None:
    first, second = (Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE))
    content = file_of(first, file_format, save_all=True, append_images=[second])

    picture = read(content)

    assert picture.is_stilled
    assert not picture.is_animated
    assert colour_in_the_middle(picture)[0] > 150


def test_a_camera_s_previews_are_no_further_pictures() -> None:
    content = file_of(a_photo(), "MPO", save_all=True, append_images=[a_photo((80, 60))])

    picture = read(content)

    assert (picture.source_format, picture.is_stilled) == ("MPO", False)
    assert picture.media.media_type == "image/jpeg"
