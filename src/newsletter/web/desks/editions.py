"""The desk that shows editions."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.archive import EditionPage
from newsletter.domain.readers import Media


class EditionDesk(Protocol):
    """Shows what was mailed, the same to everybody."""

    def page(self, token: str, language: str) -> EditionPage | None:
        """The edition that a view token names, in `language`, the same for all readers."""
        ...

    def media(self, name: str) -> Media | None:
        """The published image of that name, `{digest}.{ext}`."""
        ...
