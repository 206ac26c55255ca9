"""Moving GIFs: what moves is kept as it is, what is hidden in them is not."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import pytest
from PIL import Image, ImageSequence

from newsletter.composer.pictures.animations import read_animation
from newsletter.composer.pictures.images import PictureShape, read_logo_picture, read_picture
from newsletter.composer.pictures.unusable import ImageFault, UnusableImage
from tests.image_files import BLUE, RED, SECRET, a_drawing, a_moving_gif, a_photo, file_of, noise

XMP = b"!\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
OTHER_PROGRAM = b"!\xff\x0bOTHERPROG12\3\1\0\0\0"
PLAIN_TEXT = b"!\x01\x0c" + bytes(12) + bytes([len(SECRET)]) + SECRET + b"\0"
TIMING = b"!\xf9\4\4\x63\0\0\0"


def pictures_of(content: bytes) -> list[tuple[bytes, int]]:
    with Image.open(BytesIO(content)) as image:
        return [
            (frame.convert("RGBA").tobytes(), frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
        ]


def kept(content: bytes) -> bytes:
    animation = read_animation(content)
    assert animation is not None
    return animation.content


def test_a_moving_gif_keeps_its_pictures_their_times_and_its_repetitions() -> None:
    content = a_moving_gif([a_photo((60, 40)), a_drawing((60, 40)), a_photo((60, 40))])

    picture = read_picture(content, "m", PictureShape(576))

    assert picture.is_animated
    assert picture.media.media_type == "image/gif"
    assert pictures_of(picture.media.content) == pictures_of(content)
    assert [time for _, time in pictures_of(content)] == [100, 200, 300]
    with Image.open(BytesIO(picture.media.content)) as image:
        assert image.info["loop"] == 0


def test_comments_and_whatever_else_does_not_draw_are_left_out() -> None:
    content = a_moving_gif()
    start = content.index(b"!\xf9")
    hidden = content[:start] + XMP + OTHER_PROGRAM + PLAIN_TEXT + content[start:] + SECRET

    assert SECRET in hidden
    assert SECRET not in kept(hidden)
    assert b"OTHERPROG12" not in kept(hidden)
    assert pictures_of(kept(hidden)) == pictures_of(content)


def test_the_timing_of_what_is_left_out_goes_with_it() -> None:
    content = a_moving_gif()
    start = content.index(b"!\xf9")
    head, rest = content[:start], content[start + len(TIMING) :]

    assert kept(head + TIMING + PLAIN_TEXT + rest) == kept(head + rest)


def test_a_moving_gif_is_shown_no_wider_than_wanted_but_neither_scaled_nor_cut() -> None:
    content = a_moving_gif()

    picture = read_picture(content, "m", PictureShape(60, Fraction(1)))

    assert (picture.width, picture.height) == (60, 40)
    assert picture.source_size == (120, 80)
    assert len(pictures_of(picture.media.content)) == 3


def test_a_heavy_moving_gif_stays_usable() -> None:
    pixels = noise((1200, 900)).tobytes()
    pictures = [Image.frombytes("L", (900, 700), pixels[start:]) for start in (0, 1, 2)]

    picture = read_picture(a_moving_gif(pictures), "m", PictureShape(576))

    assert picture.is_animated
    assert len(picture.media.content) > 1_000_000


def test_a_logo_may_move() -> None:
    assert read_logo_picture(a_moving_gif(), "m", 100, "#ffffff").is_animated


def test_a_gif_of_one_picture_does_not_move() -> None:
    assert read_animation(file_of(a_drawing(), "GIF")) is None


@pytest.mark.parametrize("at", [3, 9, 400, -1])
def test_a_moving_gif_that_was_cut_off_is_broken(at: int) -> None:
    with pytest.raises(UnusableImage) as caught:
        read_animation(b"GIF89a" + a_moving_gif()[6:at])

    assert caught.value.reason is ImageFault.BROKEN


def test_a_picture_beyond_the_border_is_broken() -> None:
    content = bytearray(a_moving_gif())
    second = content.index(b"!\xf9", content.index(b"!\xf9") + 1)
    content[content.index(b",", second) + 2] = 1  # 256 pixels more to the right

    with pytest.raises(UnusableImage, match="broken"):
        read_animation(bytes(content))


def test_a_block_of_an_unknown_kind_is_broken() -> None:
    content = a_moving_gif()
    start = content.index(b"!\xf9")

    with pytest.raises(UnusableImage, match="broken"):
        read_animation(content[:start] + b"?" + content[start:])


def test_all_pictures_together_have_no_more_pixels_than_are_unpacked() -> None:
    content = bytearray(a_moving_gif())
    content[6:10] = (4600).to_bytes(2, "little") * 2

    with pytest.raises(UnusableImage, match="3 x 4,600 x 4,600 pixels") as caught:
        read_animation(bytes(content))

    assert caught.value.reason is ImageFault.TOO_MANY_PIXELS


def test_pictures_without_number_are_refused() -> None:
    one, other = (Image.new("RGB", (1, 1), colour) for colour in (RED, BLUE))
    content = a_moving_gif([one, other])
    last = content.rindex(b"!\xf9")
    endless = content[:last] + content[last:-1] * 2000 + b";"

    with pytest.raises(UnusableImage, match="more than 1,000 pictures"):
        read_animation(endless)
