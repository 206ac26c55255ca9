"""Whether a mail says what it is written in, and what it is called: lang-missing, title-missing."""

from __future__ import annotations

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of, words_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.domain.languages import is_language_tag

_SPEAKING = etree.XPath("//*[@lang or @dir]")


def check_languages(mail: ExaminedMail, findings: FindingList) -> None:
    """Look at the root, at each block of the body, and at all that is in another language."""
    body = mail.document.find("body")
    blocks = () if body is None else body.iterchildren(etree.Element)
    for element in (mail.document, *blocks):
        for attribute in ("lang", "dir"):
            if not element.get(attribute):
                _note(element, "missing", attribute, mail, findings)
    for element in _SPEAKING(mail.document):
        if not is_language_tag(element.get("lang") or "en"):
            _note(element, "invalid", "lang", mail, findings)
        if (element.get("dir") or "ltr") not in ("ltr", "rtl"):
            _note(element, "invalid", "dir", mail, findings)


def check_title(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for a title that says something."""
    title = mail.document.find("head/title")
    if title is None or not words_of(title):
        findings.add("title-missing", "missing", Place(mail.language))


def _note(
    element: etree._Element, case: str, attribute: str, mail: ExaminedMail, findings: FindingList
) -> None:
    findings.add(
        "lang-missing",
        case,
        place_of(element, mail),
        element=element.tag,
        attribute=attribute,
        value=element.get(attribute),
    )
