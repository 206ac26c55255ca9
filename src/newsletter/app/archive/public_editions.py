"""Editions without anything of a reader's: what the archive shows, and the view in a browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy import Connection

from newsletter.app.archive.kept import Kept
from newsletter.dispatch.personal_messages import INERT_TOKENS, Addressee, slot_values
from newsletter.editions import published
from newsletter.i18n import strings
from newsletter.mail.bodies import EncodedBody
from newsletter.mail.page_links import LinkedPiece, LinkToken, link_for_anybody
from newsletter.mail.slots import fill_html, fill_text, pieces_from_json

_MOST_PAGES = 128
"""A page has 100 KB at most (H12): some 13 MB of them."""
_MOST_SNAPSHOTS = 5_000

_NOBODY = slot_values(Addressee("", ""), INERT_TOKENS.links)

Address: TypeAlias = Callable[[str], str]
"""Gives the address at which anybody can read an edition in the language named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to read: a snapshot in a language, read by all at `address`."""

    snapshot_id: int
    language: str
    address: Address


class PublicEditions:
    """Editions for anybody to read: they went to "a subscriber", and what only a subscriber can do
    begins at the page that mails them a link of their own.

    A snapshot never changes, so what comes of it is kept in memory. `base_url` is the site's.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._forms: Kept[int, dict[str, str]] = Kept(_MOST_SNAPSHOTS)
        self._pages: Kept[tuple[int, str, str, str], str] = Kept(_MOST_PAGES)

    def forms(self, connection: Connection, snapshot_id: int) -> dict[str, str]:
        """The languages that a snapshot can be read in, in the edition's order, and for each the
        form that holds it."""
        read = partial(published.forms_by_language, connection, snapshot_id)
        return self._forms.get(snapshot_id, read)

    def html(self, connection: Connection, wanted: Wanted, form: str) -> str:
        """The page of that form, as a document."""
        key = (wanted.snapshot_id, form, wanted.language, wanted.address(wanted.language))
        return self._pages.get(key, partial(self._html, connection, wanted, form))

    def text(self, connection: Connection, wanted: Wanted, form: str) -> str:
        """The same as plain text."""
        data = published.shown_text(connection, wanted.snapshot_id, form)
        body = EncodedBody.from_json(data, in_html=False)
        text = fill_text(self._linked(body.as_written(), wanted), _NOBODY)
        return text.rstrip() + "\n"

    def _html(self, connection: Connection, wanted: Wanted, form: str) -> str:
        page = published.shown_html(connection, wanted.snapshot_id, form)
        return fill_html(self._linked(pieces_from_json(page), wanted), _NOBODY)

    def _linked(self, pieces: Sequence[LinkedPiece], wanted: Wanted) -> tuple[LinkedPiece, ...]:
        def address(link: LinkToken, language: str) -> str:
            if link is LinkToken.VIEW:
                return wanted.address(language)
            return f"{self._base_url}/{language}/my-link"

        def reader(language: str | None) -> str:
            return strings("email", language or wanted.language)["a_subscriber"]

        return link_for_anybody(pieces, address, reader)
