"""The public archive: what anybody may know of the editions that were sent."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArchivedEdition:
    """An edition that was sent to a public topic.

    `titles` maps each of its languages, in its order, to its subject, and `summaries` those that
    have one to their preheader: plain text, with the fallbacks of merge values. `published_at` is
    when it began to be sent.
    """

    slug: str
    topic: str
    published_at: datetime
    titles: Mapping[str, str]
    summaries: Mapping[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be read."""
        return tuple(self.titles)

    def language_for(self, wanted: str) -> str:
        """The language in which a reader of `wanted` reads it: that one, else its first."""
        return wanted if wanted in self.titles else self.languages[0]

    def title(self, language: str) -> str:
        """What it is called in one of its languages; its slug where it has no subject."""
        return self.titles[language] or self.slug


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of one public topic, or some of them, the newest first.

    `names` is what readers call the topic, by language; `total` counts all of its editions that
    are public; `begun_at` is when the topic was made.
    """

    topic: str
    names: Mapping[str, str]
    begun_at: datetime
    total: int
    editions: tuple[ArchivedEdition, ...]

    @property
    def version(self) -> Hashable:
        """What differs as soon as the shelf would be shown in another way."""
        shown = tuple((one.slug, one.published_at, *one.titles.items()) for one in self.editions)
        return self.topic, tuple(self.names.items()), self.total, shown


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    """Where an edition lies in the archive, since `published_at`; `names` are its topic's."""

    topic: str
    names: Mapping[str, str]
    slug: str
    published_at: datetime

    def path(self, language: str) -> str:
        """The permanent address of the edition in `language`, below the site's."""
        return edition_path(language, self.topic, self.slug)


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One edition in one language, without anything of a reader's in it.

    `content` is the mail's own document, or its plain text; `languages` are all that the edition
    can be read in, in its order; `place` is None for one that is not in the archive.
    """

    content: str
    languages: tuple[str, ...]
    place: ArchivePlace | None


def shelf_path(language: str, topic: str) -> str:
    """The address of a topic's editions, below the site's."""
    return f"/{language}/archive/{topic}"


def edition_path(language: str, topic: str, slug: str) -> str:
    """The permanent address of an edition, below the site's."""
    return f"{shelf_path(language, topic)}/{slug}"
