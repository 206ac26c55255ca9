"""Which way up an image is: cameras write it beside the pixels, and only some programs look."""

from __future__ import annotations

from PIL import Image
from PIL.ExifTags import Base as ExifTag

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What puts an image the right way up, by the orientation in its EXIF data."""

_FIRST_ON_ITS_SIDE = 5


def orientation_of(image: Image.Image) -> int:
    """The orientation of an opened image, 1 to 8 as in EXIF; 1 is the right way up."""
    if image.format == "TIFF":
        return 1  # Pillow turns these itself.
    try:
        found = image.getexif().get(ExifTag.Orientation)
    except Exception:
        return 1  # EXIF data that cannot be read are no reason to do without the image.
    return found if found in _TURNS else 1


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """`size` as it is when the image is turned the right way up."""
    width, height = size
    return (height, width) if orientation >= _FIRST_ON_ITS_SIDE else size


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The loaded image turned the right way up."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
