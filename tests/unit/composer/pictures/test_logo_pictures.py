"""The logo: seen on light ground and on dark."""

from __future__ import annotations

import pytest
from PIL import Image

from newsletter.composer.pictures.images import PictureShape, read_logo_picture, read_picture
from newsletter.composer.pictures.logo_edge import with_edge
from tests.image_files import RED, a_drawing, a_mark, file_of, image_in

SURFACE = (250, 248, 240)
EDGE = "#faf8f0"


def on_ground(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    ground = Image.new("RGBA", image.size, (*colour, 255))
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def a_logo() -> Image.Image:
    picture = read_logo_picture(file_of(a_mark((400, 200)), "PNG"), "m", 200, EDGE)
    return image_in(picture).convert("RGBA")


def test_a_transparent_logo_has_an_even_edge_of_two_css_pixels() -> None:
    """H17: at double density that is four pixels, on each side."""
    logo = a_logo()

    column = [logo.getpixel((204, row)) for row in range(104)]
    edge = [row for row, pixel in enumerate(column) if pixel == (*SURFACE, 255)]
    assert logo.size == (408, 208)
    assert edge[-1] == 53
    assert 3 <= len(edge) <= 4
    assert column[54] == (*RED, 255)
    assert logo.getchannel("A").getpixel((204, 46)) == 0


def test_on_the_light_surface_the_edge_is_not_seen() -> None:
    bare = Image.new("RGBA", (408, 208))
    bare.paste(a_mark((400, 200)), (4, 4))

    assert on_ground(a_logo(), SURFACE).tobytes() == on_ground(bare, SURFACE).tobytes()


def test_on_a_dark_surface_the_edge_is_seen() -> None:
    assert on_ground(a_logo(), (10, 10, 10)).getpixel((204, 51)) == SURFACE


def test_the_edge_is_shown_outside_of_the_logo_s_own_width() -> None:
    picture = read_logo_picture(file_of(a_mark((400, 200)), "PNG"), "m", 200, EDGE)

    assert (picture.width, picture.height) == (204, 104)


def test_what_reaches_the_border_has_its_edge_beyond_it() -> None:
    logo = with_edge(Image.new("RGBA", (10, 10), (*RED, 255)), EDGE, 3)

    assert logo.size == (16, 16)
    assert logo.getpixel((1, 8)) == (*SURFACE, 255)
    assert logo.getchannel("A").getpixel((0, 0)) < 60  # rounded  # type: ignore[operator]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_an_opaque_logo_stays_as_it_is(file_format: str) -> None:
    content = file_of(a_drawing(), file_format)

    assert read_logo_picture(content, "m", 190, EDGE).media.name == (
        read_picture(content, "m", PictureShape(190)).media.name
    )
