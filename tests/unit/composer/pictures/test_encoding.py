"""The form in which an image weighs least and still looks like itself."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from newsletter.composer.pictures.encoding import HEAVIEST, encode
from tests.image_files import BLUE, a_drawing, a_mark, a_photo, noise


def decoded(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def see_through(image: Image.Image) -> Image.Image:
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def test_a_photograph_becomes_a_jpeg_that_loads_by_degrees() -> None:
    content, extension = encode(a_photo((800, 600)))

    assert extension == "jpg"
    assert decoded(content).info["progressive"]


def test_a_drawing_becomes_a_png_with_its_very_colours() -> None:
    content, extension = encode(a_drawing())

    image = decoded(content)
    assert (extension, image.mode) == ("png", "P")
    assert ImageChops.difference(image.convert("RGB"), a_drawing()).getbbox() is None


def test_a_palette_tells_the_closest_shades_apart() -> None:
    shades = Image.linear_gradient("L").resize((300, 256))
    image = Image.merge("RGB", (shades, shades.point(lambda value: value // 2), shades))

    content, extension = encode(image)

    assert (extension, decoded(content).mode) == ("png", "P")
    assert decoded(content).convert("RGB").tobytes() == image.tobytes()


def test_a_drawing_with_smooth_edges_becomes_a_png_with_a_palette() -> None:
    turned = a_drawing((800, 600)).rotate(8, Image.Resampling.BICUBIC, fillcolor=BLUE)
    smooth = turned.resize((603, 451), Image.Resampling.LANCZOS)
    assert smooth.getcolors(256) is None

    content, extension = encode(smooth)

    assert (extension, decoded(content).mode) == ("png", "P")


def test_a_small_photograph_is_lighter_as_jpeg() -> None:
    _, extension = encode(a_photo((90, 90)))

    assert extension == "jpg"


def test_what_shows_through_still_does_in_its_very_colours() -> None:
    content, extension = encode(a_mark())

    assert extension == "png"
    assert decoded(content).convert("RGBA").tobytes() == a_mark().tobytes()


def test_many_shades_of_transparency_are_kept() -> None:
    image = see_through(a_photo((120, 120)))

    content, extension = encode(image)

    assert extension == "png"
    assert decoded(content).tobytes() == image.tobytes()


@pytest.mark.parametrize("image", [a_photo((1152, 1152)), noise((400, 380))])
def test_a_heavy_photograph_is_made_lighter(image: Image.Image) -> None:
    content, _ = encode(image)

    assert len(content) <= HEAVIEST


def test_a_photograph_that_cannot_be_made_light_stays_recognisable() -> None:
    content, extension = encode(noise((900, 900)))

    assert extension == "jpg"
    assert len(content) > HEAVIEST


def test_a_heavy_transparent_photograph_gets_a_palette() -> None:
    pale = Image.blend(a_photo((500, 360)), Image.new("RGB", (500, 360), "white"), 0.5)
    pale.putalpha(Image.new("L", pale.size, 200))

    content, extension = encode(pale)

    assert (extension, decoded(content).mode) == ("png", "P")
    assert len(content) <= HEAVIEST


def test_the_same_pixels_give_the_same_bytes() -> None:
    for make in (a_photo, a_drawing, a_mark):
        assert encode(make((90, 60))) == encode(make((90, 60)))
