from __future__ import annotations

from newsletter.composer.pictures.image_sources import image_sources
from tests.builders import a_catalogue, a_letter, an_article, an_edition


def test_each_source_is_asked_for_once_and_in_order() -> None:
    images = [{"src": name, "decorative": True} for name in ("b.png", "a.png", "b.png")]
    content = an_edition(a_letter(), *(an_article(image=image) for image in images))

    assert image_sources(content, a_catalogue()) == ("b.png", "a.png")
