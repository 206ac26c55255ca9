from __future__ import annotations

from dataclasses import dataclass, field

from newsletter.composer.pictures.kept_pictures import KeptPictures
from newsletter.composer.pictures.picture import Picture
from newsletter.domain.compiled import CompiledMedia


@dataclass
class Workshop:
    made: list[str] = field(default_factory=list)

    def make(self, name: str, size: int = 40) -> Picture:
        self.made.append(name)
        media = CompiledMedia(name, "image/png", bytes(size))
        return Picture(media, name, 1, 1, 1, "PNG", size, (1, 1))


def test_a_picture_that_was_made_is_kept() -> None:
    kept, workshop = KeptPictures(100), Workshop()

    one, again = (kept.picture("a", lambda: workshop.make("a")) for _ in range(2))

    assert one is again
    assert workshop.made == ["a"]


def test_when_there_are_too_many_bytes_the_one_not_asked_for_the_longest_goes() -> None:
    kept, workshop = KeptPictures(100), Workshop()

    for name in ("a", "b", "a", "c", "a", "b"):
        kept.picture(name, lambda name=name: workshop.make(name))  # type: ignore[misc]

    assert workshop.made == ["a", "b", "c", "b"]


def test_a_picture_heavier_than_all_that_is_kept_is_given_all_the_same() -> None:
    kept, workshop = KeptPictures(100), Workshop()

    picture = kept.picture("a", lambda: workshop.make("a", size=1000))

    assert len(picture.media.content) == 1000
