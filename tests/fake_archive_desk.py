"""A stand-in for the desk of the archive, its editions in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from newsletter.domain.archive import ArchivedEdition, ArchivePlace, EditionPage, Shelf
from newsletter.domain.errors import NewsletterError

NAMES = {"en": "Monthly bulletin", "cy": "Bwletin misol"}
BEGUN = datetime(2026, 1, 1, 9, tzinfo=UTC)
DOCUMENT = (
    '<!DOCTYPE html><html lang="{language}"><head><title>News</title></head>'
    '<body class="mail"><h1>News {slug}</h1></body></html>'
)


def an_archived_edition(
    slug: str, *, day: int = 0, languages: Sequence[str] = ("en", "cy"), **facts: object
) -> ArchivedEdition:
    """An edition sent so many days after the topic was made."""
    known: dict[str, object] = {
        "published_at": BEGUN + timedelta(days=day),
        "titles": {tag: f"News {slug} in {tag}" for tag in languages},
        "summaries": dict.fromkeys(languages, f"What is new in {slug}"),
    }
    return ArchivedEdition(slug, "monthly-bulletin", **(known | facts))  # type: ignore[arg-type]  # the facts are right by name


def many_editions(number: int) -> tuple[ArchivedEdition, ...]:
    """So many editions, the newest first."""
    return tuple(an_archived_edition(f"e{day}", day=day) for day in reversed(range(number)))


@dataclass
class FakeArchive:
    """The archive of one public topic, `monthly-bulletin`; `failure` is raised by every call."""

    editions: tuple[ArchivedEdition, ...] = field(
        default_factory=lambda: (
            an_archived_edition("2026-03", day=60),
            an_archived_edition("2026-02", day=31, languages=("cy",)),
            an_archived_edition("2026-01", day=1),
        )
    )
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    document: str = DOCUMENT
    failure: NewsletterError | None = None

    def newest(self, most: int) -> Sequence[Shelf]:
        """The topic, if it has any edition."""
        return [self._shelf(0, most)] if self.editions else []

    def shelf(self, topic: str, *, skip: int, most: int) -> Shelf | None:
        """The topic's editions."""
        return self._shelf(skip, most) if topic == "monthly-bulletin" else None

    def page(self, topic: str, slug: str, language: str) -> EditionPage | None:
        """The edition's document."""
        return self._edition(topic, slug, language, self.document)

    def text(self, topic: str, slug: str, language: str) -> EditionPage | None:
        """The edition's words."""
        return self._edition(topic, slug, language, "News {slug}\n")

    def _shelf(self, skip: int, most: int) -> Shelf:
        self._fail_if_told()
        shown = self.editions[skip : skip + most]
        return Shelf("monthly-bulletin", self.names, BEGUN, len(self.editions), shown)

    def _edition(self, topic: str, slug: str, language: str, content: str) -> EditionPage | None:
        self._fail_if_told()
        found = next((one for one in self.editions if (one.topic, one.slug) == (topic, slug)), None)
        if found is None or language not in found.titles:
            return None
        place = ArchivePlace(topic, self.names, slug, found.published_at)
        filled = content.replace("{language}", language).replace("{slug}", slug)
        return EditionPage(filled, found.languages, place)

    def _fail_if_told(self) -> None:
        if self.failure is not None:
            raise self.failure
