"""The lists of past editions, as they are shown: pages of them, each edition with the way to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.domain.archive import ArchivedEdition, Shelf, edition_path, shelf_path
from newsletter.i18n.language_facts import name_in

PAGE_LENGTH = 30
"""Editions on one page, which so stays below 15 KB however long the subjects are."""

_ON_THE_OVERVIEW = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition in a list: `title` is its words by the one language that they are in, and
    `other_language` the name of that when it is not the page's own, else ""."""

    title: Mapping[str, str]
    tag: str
    other_language: str
    address: str
    published_at: datetime

    @property
    def day(self) -> str:
        """The instant for machines (HTML, `time`)."""
        return self.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class ShelfEntries:
    """A topic with some of its editions, in a list of topics."""

    names: Mapping[str, str]
    address: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """The feeds of a topic, and what a reader's program calls them."""

    title: str
    atom: str
    json: str


def entries(shelf: Shelf, language: str) -> tuple[Entry, ...]:
    """The shelf's editions in a list in `language`: one that lacks it is not hidden, but leads to
    the language that it has."""
    return tuple(_entry(one, language) for one in shelf.editions)


def overview_of(shelves: Sequence[Shelf], language: str) -> list[ShelfEntries]:
    """The shelves in a list in `language`, of each fewer editions the more shelves there are: the
    page is to stay below 15 KB."""
    most = max(1, _ON_THE_OVERVIEW // max(1, len(shelves)))
    return [
        ShelfEntries(one.names, shelf_path(language, one.topic), entries(one, language)[:most])
        for one in shelves
    ]


def page_path(language: str, topic: str, number: int) -> str:
    """The address of a page of a topic's editions, counted from 1."""
    first = shelf_path(language, topic)
    return first if number == 1 else f"{first}/page/{number}"


def last_page(shelf: Shelf) -> int:
    """The number of the shelf's last page, which is the first one when nothing is there."""
    return max(1, -(-shelf.total // PAGE_LENGTH))


def _entry(edition: ArchivedEdition, language: str) -> Entry:
    tag = edition.language_for(language)
    return Entry(
        title={tag: edition.title(tag)},
        tag=tag,
        other_language="" if tag == language else name_in(tag, language),
        address=edition_path(tag, edition.topic, edition.slug),
        published_at=edition.published_at,
    )
