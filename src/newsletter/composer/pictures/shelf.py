"""The shelf of an edition's pictures: each image is made once in each shape that is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.composer.pictures.images import Picture, PictureShape, UnusableImage, read_picture


class PictureShelf:
    """Makes pictures of the images at hand, by the `src` that names them.

    `shown` grows with what is asked for: every picture by its address.
    """

    def __init__(self, images: Mapping[str, bytes], media_url: str) -> None:
        self._images = images
        self.media_url = media_url
        self._made: dict[tuple[str, PictureShape], Picture | UnusableImage] = {}
        self.shown: dict[str, Picture] = {}

    def picture(self, source: str, shape: PictureShape) -> Picture | UnusableImage | None:
        """The picture, or what keeps the image from being one; None when there is no such image."""
        if source not in self._images:
            return None
        if (source, shape) not in self._made:
            self._made[source, shape] = self._make(source, shape)
        return self._made[source, shape]

    def put(self, picture: Picture) -> None:
        """Shows a picture that was made elsewhere, such as the logo."""
        self.shown[picture.url] = picture

    def _make(self, source: str, shape: PictureShape) -> Picture | UnusableImage:
        try:
            picture = read_picture(self._images[source], self.media_url, shape)
        except UnusableImage as error:
            return error
        self.put(picture)
        return picture
