"""The links of a finished mail: their accessible names, their addresses, their sections."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newsletter.composer.markup.finish import Finished
from newsletter.domain.compiled import CompiledLink


def links_of(finished: Finished) -> Iterator[CompiledLink]:
    """Every link that leads out of the mail, in order, merge marks still in it."""
    for element in finished.document.iter("a"):
        address = element.get("href") or ""
        if address and not address.startswith("#"):
            yield CompiledLink(accessible_name(element), address, finished.sections.get(element))


def accessible_name(element: etree._Element) -> str:
    """What a screen reader calls the link: its label, else its words and its images' alt texts."""
    label = element.get("aria-label")
    if label:
        return " ".join(label.split())
    words = [(one.get("alt") or "") if one.tag == "img" else "" for one in element.iter("img")]
    return " ".join(" ".join([*element.itertext(), *words]).split())
