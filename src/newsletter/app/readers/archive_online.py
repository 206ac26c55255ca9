"""The public archive, for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from newsletter.app.archive.archive import Archive
from newsletter.app.archive.public_editions import PublicEditions, Wanted
from newsletter.app.workspace import Workspace
from newsletter.domain.archive import ArchivePlace, EditionPage, Shelf
from newsletter.domain.editions import SLUG
from newsletter.editions import published
from newsletter.storage.engine import reading

_Write: TypeAlias = Callable[[Connection, Wanted, str], str]


class ArchiveOnline:
    """The desk of the archive, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._archive = Archive(workspace)
        self._editions = PublicEditions(workspace.settings.site.base_url)

    def newest(self, most: int) -> Sequence[Shelf]:
        """Every public topic that has any edition, by slug, with its newest `most`."""
        with reading(self._workspace.engine) as connection:
            return self._archive.newest(connection, most)

    def shelf(self, topic: str, *, skip: int, most: int) -> Shelf | None:
        """The topic with at most `most` of its editions, the newest first, after `skip` others."""
        if SLUG.fullmatch(topic) is None:
            return None
        with reading(self._workspace.engine) as connection:
            return self._archive.shelf(connection, topic, skip=skip, most=most)

    def page(self, topic: str, slug: str, language: str) -> EditionPage | None:
        """The edition as a document in `language`; None where it lacks that."""
        return self._edition(topic, slug, language, self._editions.html)

    def text(self, topic: str, slug: str, language: str) -> EditionPage | None:
        """The same as plain text."""
        return self._edition(topic, slug, language, self._editions.text)

    def _edition(self, topic: str, slug: str, language: str, write: _Write) -> EditionPage | None:
        if not all(map(SLUG.fullmatch, (topic, slug))):
            return None
        with reading(self._workspace.engine) as connection:
            found = published.find_published(connection, topic, slug)
            if found is None:
                return None
            forms = self._editions.forms(connection, found.snapshot_id)
            if language not in forms:
                return None
            place = ArchivePlace(topic, found.names, slug, found.published_at)
            base_url = self._workspace.settings.site.base_url
            wanted = Wanted(found.snapshot_id, language, lambda tag: base_url + place.path(tag))
            content = write(connection, wanted, forms[language])
        return EditionPage(content, tuple(forms), place)
