"""What links are called: link-vague, link-ambiguous, link-bare, link-below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from newsletter.composer.checks.author_links import AuthorLink
from newsletter.composer.checks.phrases import any_of
from newsletter.composer.checks.texts import Text, everything
from newsletter.composer.findings.findings import FindingList
from newsletter.i18n.word_lists import WordLists

_AROUND = " .,:;…!?<>«»›→“”\"'"
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>()]*[^\s<>().,:;!?]", re.IGNORECASE)


def check_link_labels(links: Iterable[AuthorLink], lists: WordLists, findings: FindingList) -> None:
    """Look over the words of the links that the mail shows."""
    first: dict[str, str] = {}
    for link in links:
        if link.name and _spoken(link.name):
            _check_others(link, first, findings)
            _check_label(link, lists, findings)


def check_link_places(texts: Sequence[Text], lists: WordLists, findings: FindingList) -> None:
    """Look for links that a text speaks of by their place, and for addresses that are no links."""
    all_words = everything(texts)
    if any(phrase in all_words for phrase in lists["link_places"]):
        _note_places(texts, any_of(lists["link_places"]), findings)
    for text in texts if "://" in all_words or "www." in all_words else ():
        _check_unlinked(text, findings)


def _note_places(texts: Iterable[Text], places: re.Pattern[str], findings: FindingList) -> None:
    for text in texts:
        found = places.search(text.lowered)
        if found:
            written = text.words[found.start() : found.end()]
            findings.add("link-below", "place", text.place, written=written)


def _spoken(label: str) -> str:
    """What of a label is heard, in small letters."""
    return " ".join(label.split()).strip(_AROUND).lower()


def _check_label(link: AuthorLink, lists: WordLists, findings: FindingList) -> None:
    label, place = link.label or "", link.label_place
    if _spoken(label) in lists["vague_labels"]:
        findings.add(
            "link-vague",
            "vague" if link.name == label else "named",
            place,
            label=label,
            name=link.name,
            example=lists["better_label"][0],
        )
    elif _ADDRESS.fullmatch(label.strip()):
        findings.add("link-bare", "label", place, label=label, url=link.address)


def _check_others(link: AuthorLink, first: dict[str, str], findings: FindingList) -> None:
    """Compare with the first link of the name; `first` maps names to addresses and grows."""
    address = link.address.rstrip("/")
    other = first.setdefault(_spoken(link.name or ""), address)
    if other != address:
        findings.add(
            "link-ambiguous",
            "same",
            link.label_place,
            label=link.label or link.name,
            url=link.address,
            other=other,
        )


def _check_unlinked(text: Text, findings: FindingList) -> None:
    for found in _ADDRESS.finditer(text.words):
        written = found[0]
        if any(written in link.label for link in text.block.links):
            continue
        url = written if "://" in written else f"https://{written}"
        findings.add("link-bare", "unlinked", text.place, written=written, url=url)
