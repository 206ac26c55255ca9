"""The shelves of the archive: the public editions of each topic, with what they are called."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from newsletter.app.archive.kept import Kept
from newsletter.app.archive.readable_words import readable
from newsletter.app.workspace import Workspace
from newsletter.domain.archive import ArchivedEdition, Shelf
from newsletter.domain.attributes import AttributeType
from newsletter.editions import published
from newsletter.editions.published import PublicTopic, PublishedEdition, PublishedWords

_MOST_TITLES = 5_000
_MOST_SHELVES = 500


class Archive:
    """Reads shelves and editions of one workspace, the same of each as long as it is public."""

    def __init__(self, workspace: Workspace) -> None:
        types = workspace.settings.attribute_types
        self._languages = frozenset(workspace.settings.site.languages)
        self._texts = [name for name, one in types.items() if one is AttributeType.TEXT]
        self._words: Kept[int, PublishedWords] = Kept(_MOST_TITLES)
        self._newest: Kept[Hashable, tuple[Shelf, ...]] = Kept(_MOST_SHELVES)
        self._shelves: Kept[Hashable, Shelf | None] = Kept(_MOST_SHELVES)

    def newest(self, connection: Connection, most: int) -> tuple[Shelf, ...]:
        """Every public topic with any edition, by slug, and the newest `most` editions of each."""
        key = (published.archive_state(connection), most)
        return self._newest.get(key, partial(self._read_newest, connection, most))

    def shelf(self, connection: Connection, topic: str, *, skip: int, most: int) -> Shelf | None:
        """The topic with at most `most` of its editions after the newest `skip`; None for one that
        is private, or none at all (T15)."""
        key = (published.archive_state(connection), topic, skip, most)
        return self._shelves.get(key, partial(self._read_shelf, connection, topic, skip, most))

    def _read_newest(self, connection: Connection, most: int) -> tuple[Shelf, ...]:
        of_topic = published.newest_of_each_topic(connection, most)
        return tuple(
            self._shelf(connection, topic, *of_topic[topic.slug])
            for topic in published.public_topics(connection)
            if topic.slug in of_topic
        )

    def _read_shelf(self, connection: Connection, topic: str, skip: int, most: int) -> Shelf | None:
        found = published.public_topic(connection, topic)
        if found is None:
            return None
        total = published.count_published(connection, found)
        editions = published.newest_published(connection, found, skip=skip, most=most)
        return self._shelf(connection, found, total, editions)

    def _shelf(
        self,
        connection: Connection,
        topic: PublicTopic,
        total: int,
        editions: Iterable[PublishedEdition],
    ) -> Shelf:
        shown = tuple(self._edition(connection, one) for one in editions)
        return Shelf(topic.slug, topic.names, topic.created_at, total, shown)

    def _edition(self, connection: Connection, row: PublishedEdition) -> ArchivedEdition:
        words = self._words.get(row.snapshot_id, partial(self._read, connection, row))
        return ArchivedEdition(
            row.slug, row.topic, row.published_at, words.subject, words.preheader
        )

    def _read(self, connection: Connection, row: PublishedEdition) -> PublishedWords:
        """The words in each language that there are pages in, as anybody may read them."""
        words = published.words_of(connection, row)
        # In a language that the site speaks no more there are no pages; but one has none else.
        spoken = {tag: form for tag, form in words.forms.items() if tag in self._languages}
        words = replace(words, forms=spoken or words.forms)
        subject = {one: self._readable(words.subject.get(one, "")) for one in words.forms}
        preheader = {one: self._readable(words.preheader.get(one, "")) for one in words.forms}
        return replace(
            words,
            subject=subject,
            preheader={language: one for language, one in preheader.items() if one},
        )

    def _readable(self, written: str) -> str:
        return readable(written, self._texts)
