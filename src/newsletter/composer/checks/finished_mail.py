"""The checks of the finished mail; those of what the author wrote are made while it is read."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.markup.inline import parse


def check_html(html: str, language: str, findings: FindingList) -> None:
    """Look over a finished document in `language`: lang-missing and heading-order."""
    document = parse(html)
    _check_languages(document, findings, Place(language))
    _check_headings(document, findings, Place(language))


def _check_languages(document: etree._Element, findings: FindingList, place: Place) -> None:
    for element in (document, *_blocks(document)):
        for attribute in ("lang", "dir"):
            if not element.get(attribute):
                findings.add(
                    "lang-missing", "missing", place, element=element.tag, attribute=attribute
                )


def _check_headings(document: etree._Element, findings: FindingList, place: Place) -> None:
    above = mains = 0
    for level, heading in _headings(document):
        mains += level == 1
        words = {"heading": heading, "level": level, "above": above}
        if level == 1 and mains > 1:
            findings.add("heading-order", "several", place, **words)
        elif not mains:
            findings.add("heading-order", "late", place, **words)
        elif level > above + 1:
            findings.add("heading-order", "skipped", place, **words)
        above = level
    if not mains:
        findings.add("heading-order", "none", place)


def _blocks(document: etree._Element) -> Iterator[etree._Element]:
    """The direct children of the body, comments left out."""
    return (child for child in document.find("body") if isinstance(child.tag, str))


def _headings(document: etree._Element) -> Iterator[tuple[int, str]]:
    for element in document.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        yield int(element.tag[1]), " ".join("".join(element.itertext()).split())
