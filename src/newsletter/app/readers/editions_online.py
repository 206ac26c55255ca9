"""Editions in the browser, and the pictures in them."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import replace

from newsletter.app.workspace import Workspace
from newsletter.dispatch.personal_messages import INERT_TOKENS, Addressee, slot_values
from newsletter.domain.compiled import STACKED
from newsletter.domain.readers import Media
from newsletter.editions import snapshots, store
from newsletter.i18n import strings
from newsletter.mail.slots import fill_html, pieces_from_json
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose

_MEDIA_NAME = re.compile(r"[0-9a-f]{32}\.(png|jpg|gif|ics)")


class EditionsOnline:
    """The desk that shows editions, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def page(self, token: str, language: str) -> str | None:
        """The edition's page in `language`, the same for all readers; but for the way to itself
        and its twins, its links open nothing."""
        claims = self._workspace.tokens.read(Purpose.VIEW, token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            stored = store.edition_by_public_id(connection, claims.edition)
            snapshot = None if stored is None else snapshots.current(connection, stored)
        if stored is None or snapshot is None:
            return None
        page = snapshot.pages.get(language) or snapshot.pages.get(STACKED)
        if page is None:
            return None
        nobody = Addressee(strings("email", language)["a_subscriber"], "")
        values = slot_values(nobody, replace(INERT_TOKENS.links, view=token))
        return fill_html(pieces_from_json(page), values)

    def media(self, name: str) -> Media | None:
        """A published file; None for any name that is not exactly one of ours."""
        if _MEDIA_NAME.fullmatch(name) is None:
            return None
        file = self._workspace.media_folder / name
        if not file.is_file():
            return None
        media_type, _ = mimetypes.guess_type(name)
        return Media(file.read_bytes(), media_type or "application/octet-stream")
