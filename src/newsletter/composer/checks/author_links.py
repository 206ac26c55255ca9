"""The links of an edition: as authors wrote them, and as readers hear them in the finished mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.composer.checks.examined import Writing
from newsletter.composer.checks.texts import Text, as_read, group_of
from newsletter.composer.findings.findings import Place
from newsletter.composer.kinds.kinds import FieldType
from newsletter.composer.reading.passages import Passage

_NAMELESS = frozenset({"alt", "body"})
"""Fields whose words are never the label of the link beside them."""


@dataclass(frozen=True, slots=True)
class AuthorLink:
    """One link: its address as written, where it stands, and its words.

    `label` is what the author has it called, None where the template has words of its own, and
    `label_place` is where that can be changed. `name` is what a screen reader says, which may hold
    more than the label; None when the mail does not show the link.
    """

    address: str
    place: Place
    label: str | None
    name: str | None
    label_place: Place


def author_links(writing: Writing, texts: Sequence[Text]) -> tuple[AuthorLink, ...]:
    """Every link that the author wrote, in order."""
    names, beside = _names(writing), _labels_beside(texts)
    with_links: dict[int, list[Text]] = defaultdict(list)
    for text in texts:
        if text.block.links:
            with_links[id(text.passage)].append(text)
    found: list[AuthorLink] = []
    for passage in writing.passages:
        for text in with_links.get(id(passage), ()):
            found += _among_words(text, names)
        if passage.is_link:
            found.append(_alone(passage, names, beside))
    return tuple(found)


_Names = Mapping[tuple[int | None, str], Sequence[str]]
_Labels = Mapping[tuple[int | None, str], Sequence[Text]]


def _names(writing: Writing) -> _Names:
    """The names of the finished mail's links, by section and address."""
    names: dict[tuple[int | None, str], list[str]] = defaultdict(list)
    for link in writing.links:
        names[link.section, link.address].append(as_read(link.label, writing.marks))
    return names


def _labels_beside(texts: Sequence[Text]) -> _Labels:
    """The lines that may be the label of a link, by the group that they stand in."""
    labels: dict[tuple[int | None, str], list[Text]] = defaultdict(list)
    for text in texts:
        if text.passage.field.type is FieldType.WORDS and text.field not in _NAMELESS:
            labels[group_of(text.place)].append(text)
    return labels


def _among_words(text: Text, names: _Names) -> Iterator[AuthorLink]:
    for link in text.block.links:
        heard = names.get((text.place.section, link.address), ())
        name = next((one for one in heard if one.startswith(link.label)), link.label)
        yield AuthorLink(link.address, text.place, link.label, name, text.place)


def _alone(passage: Passage, names: _Names, beside: _Labels) -> AuthorLink:
    """A link whose address is a field, and whose label is another or is the template's own."""
    place, address = passage.place, passage.written.text
    heard = names.get((place.section, address), ())
    for text in beside.get(group_of(place), ()):
        name = next((one for one in heard if one.startswith(text.words)), None)
        if name is not None or (not heard and text.field == "label"):
            return AuthorLink(address, place, text.words, name or text.words, text.place)
    return AuthorLink(address, place, None, heard[0] if heard else None, place)
