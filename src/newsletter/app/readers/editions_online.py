"""Editions in the browser, and the pictures in them."""

from __future__ import annotations

import mimetypes
import re

from newsletter.app.archive.public_editions import Address, PublicEditions, Wanted
from newsletter.app.workspace import Workspace
from newsletter.domain.archive import ArchivePlace, EditionPage
from newsletter.domain.compiled import STACKED
from newsletter.domain.readers import Media
from newsletter.editions import published
from newsletter.editions.published import PublishedEdition
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose

_MEDIA_NAME = re.compile(r"[0-9a-f]{32}\.(png|jpg|gif|ics)")


class EditionsOnline:
    """The desk that shows editions, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._editions = PublicEditions(workspace.settings.site.base_url)

    def page(self, token: str, language: str) -> EditionPage | None:
        """The edition in `language`, the same for all readers: a link to itself is to its place in
        the archive, where it has one."""
        claims = self._workspace.tokens.read(Purpose.VIEW, token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            found = published.find_viewed(connection, claims.edition)
            if found is None:
                return None
            forms = self._editions.forms(connection, found.snapshot_id)
            # A stacked edition is there for readers of whatever language.
            form = forms.get(language) or next(
                (one for one in forms.values() if one == STACKED), ""
            )
            if not form:
                return None
            place = _place(found.published)
            wanted = Wanted(found.snapshot_id, language, self._address(place, token))
            return EditionPage(self._editions.html(connection, wanted, form), tuple(forms), place)

    def media(self, name: str) -> Media | None:
        """A published file; None for any name that is not exactly one of ours."""
        if _MEDIA_NAME.fullmatch(name) is None:
            return None
        file = self._workspace.media_folder / name
        if not file.is_file():
            return None
        media_type, _ = mimetypes.guess_type(name)
        return Media(file.read_bytes(), media_type or "application/octet-stream")

    def _address(self, place: ArchivePlace | None, token: str) -> Address:
        base_url = self._workspace.settings.site.base_url
        if place is not None:
            return lambda language: base_url + place.path(language)
        return lambda language: f"{base_url}/{language}/view/{token}"


def _place(found: PublishedEdition | None) -> ArchivePlace | None:
    if found is None:
        return None
    return ArchivePlace(found.topic, found.names, found.slug, found.published_at)
