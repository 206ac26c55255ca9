"""The logo of a brand as mails show it."""

from __future__ import annotations

from newsletter.composer.pictures.images import Picture, UnusableImage, read_logo_picture
from newsletter.composer.pictures.shelf import PictureShelf
from newsletter.domain.brand import Brand
from newsletter.domain.errors import BadInput


def shown_logo(brand: Brand, language: str, shelf: PictureShelf) -> Picture | None:
    """The brand's logo in `language`, put on the shelf; None when the brand has none.

    Where it is transparent an edge of the surface's colour surrounds it, which is seen only when
    the surface is dark (H17). Raises BadInput when it is no image that can be shown.
    """
    if brand.logo is None:
        return None
    try:
        picture = read_logo_picture(
            brand.logo.content(language),
            shelf.media_url,
            brand.logo.width,
            edge=brand.colours["surface"],
        )
    except UnusableImage as error:
        raise BadInput(
            f"the brand's logo is {error}", cure="Save it as PNG, JPEG or GIF."
        ) from error
    shelf.put(picture)
    return picture
