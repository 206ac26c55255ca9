"""The order of a mail's headings: heading-order."""

from __future__ import annotations

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of, words_of
from newsletter.composer.findings.findings import FindingList, Place

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
"""The elements that are headings, from the main one down."""


def check_headings(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for one main heading at the top, and for levels that are left out."""
    above = mains = 0
    for element in mail.document.iter(*HEADINGS):
        level = int(element.tag[1])
        mains += level == 1
        words = {"heading": mail.marks.readable(words_of(element)), "level": level, "above": above}
        case = _fault(level, above, mains)
        if not words["heading"]:
            case = "empty"
        if case:
            findings.add("heading-order", case, place_of(element, mail), **words)
        above = level
    if not mains:
        findings.add("heading-order", "none", Place(mail.language))


def _fault(level: int, above: int, mains: int) -> str | None:
    if level == 1 and mains > 1:
        return "several"
    if not mains:
        return "late"
    return "skipped" if level > above + 1 else None
