"""Elements of a finished mail as findings speak of them: where they belong, and what they say."""

from __future__ import annotations

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.texts import beginning
from newsletter.composer.findings.findings import Place


def place_of(element: etree._Element, mail: ExaminedMail) -> Place:
    """The section that the element belongs to; the mail as a whole outside of the sections."""
    for one in (element, *element.iterancestors()):
        if one in mail.sections:
            return Place(mail.language, mail.sections[one])
    return Place(mail.language)


def words_of(element: etree._Element) -> str:
    """All words in the element, without needless spaces."""
    # Of elements only: comments hold what Outlook alone reads.
    return " ".join("".join(element.itertext(etree.Element)).split())


def beginning_of(words: str, mail: ExaminedMail) -> str:
    """The first words of a text, merge values readable, for a message."""
    return beginning(" ".join(mail.marks.readable(words).split()))
