"""The desk of the public archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from newsletter.domain.archive import EditionPage, Shelf


class ArchiveDesk(Protocol):
    """Shows the public editions to everybody alike.

    What is private is as good as not there: of either the answer is None (T15).
    """

    def newest(self, most: int) -> Sequence[Shelf]:
        """Every public topic that has any edition, with its newest `most`."""
        ...

    def shelf(self, topic: str, *, skip: int, most: int) -> Shelf | None:
        """The topic with at most `most` of its editions, the newest first, after `skip` others."""
        ...

    def page(self, topic: str, slug: str, language: str) -> EditionPage | None:
        """The edition as a document in `language`; None where it lacks that."""
        ...

    def text(self, topic: str, slug: str, language: str) -> EditionPage | None:
        """The same as plain text."""
        ...
