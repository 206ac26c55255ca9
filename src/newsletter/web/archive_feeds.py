"""A topic's editions as feeds: Atom (RFC 4287) and JSON Feed 1.1 (<https://jsonfeed.org>)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from newsletter.domain.archive import ArchivedEdition, Shelf, edition_path, shelf_path
from newsletter.domain.languages import in_language

_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_JSON_FEED = "https://jsonfeed.org/version/1.1"

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, production 2)."""

register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a feed says beside its editions: who publishes it, in which language, and where.

    Every address in a feed is absolute, and an edition's permanent one is its id for ever.
    """

    base_url: str
    language: str
    author: str

    def shelf(self, topic: str) -> str:
        """The page that the feed is the feed of."""
        return self.base_url + shelf_path(self.language, topic)

    def edition(self, edition: ArchivedEdition) -> str:
        """The edition in the feed's language, else in its first."""
        tag = edition.language_for(self.language)
        return self.base_url + edition_path(tag, edition.topic, edition.slug)


def atom_feed(shelf: Shelf, facts: FeedFacts) -> bytes:
    """The editions on the shelf as an Atom document."""
    page = facts.shelf(shelf.topic)
    feed = Element(f"{{{_ATOM}}}feed", {_XML_LANG: facts.language})
    _say(feed, "id", f"{page}.atom")
    _say(feed, "title", in_language(shelf.names, facts.language))
    _say(feed, "updated", _instant(_changed_at(shelf)))
    _say(_below(feed, "author"), "name", facts.author)
    _below(feed, "link", rel="self", type="application/atom+xml", href=f"{page}.atom")
    _below(feed, "link", rel="alternate", type="text/html", href=page, hreflang=facts.language)
    for edition in shelf.editions:
        _add_entry(feed, edition, facts)
    document: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def json_feed(shelf: Shelf, facts: FeedFacts) -> bytes:
    """The editions on the shelf as a JSON Feed."""
    page = facts.shelf(shelf.topic)
    feed = {
        "version": _JSON_FEED,
        "title": in_language(shelf.names, facts.language),
        "home_page_url": page,
        "feed_url": f"{page}.json",
        "language": facts.language,
        "authors": [{"name": facts.author}],
        "items": list(_items(shelf.editions, facts)),
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _add_entry(feed: Element, edition: ArchivedEdition, facts: FeedFacts) -> None:
    tag, address = edition.language_for(facts.language), facts.edition(edition)
    entry = _below(feed, "entry", **{_XML_LANG: tag})
    _say(entry, "id", address)
    _say(entry, "title", edition.title(tag))
    # It never changes after it was sent.
    _say(entry, "updated", _instant(edition.published_at))
    _say(entry, "published", _instant(edition.published_at))
    _below(entry, "link", rel="alternate", type="text/html", href=address, hreflang=tag)
    if tag in edition.summaries:
        _say(entry, "summary", edition.summaries[tag])


def _items(editions: Iterable[ArchivedEdition], facts: FeedFacts) -> Iterable[Mapping[str, Any]]:
    for edition in editions:
        tag, address = edition.language_for(facts.language), facts.edition(edition)
        title = edition.title(tag)
        yield {
            "id": address,
            "url": address,
            "title": title,
            # One of its contents must be there.
            "content_text": edition.summaries.get(tag, title),
            "date_published": _instant(edition.published_at),
            "language": tag,
        }


def _changed_at(shelf: Shelf) -> datetime:
    return shelf.editions[0].published_at if shelf.editions else shelf.begun_at


def _below(parent: Element, name: str, **attributes: str) -> Element:
    return SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _say(parent: Element, name: str, words: str) -> None:
    _below(parent, name).text = _NO_XML.sub("", words)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
