"""Links of a finished mail: link-empty, link-underline, target-size, unsupported."""

from __future__ import annotations

import re

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of, words_of
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.looks.looks import Look
from newsletter.composer.looks.shown_texts import Appearance
from newsletter.composer.markup.finished_links import accessible_name

_LEAST_TARGET = 24
_EASY_TARGET = 44
_BLOCKS = frozenset(
    {"blockquote", "body", "caption", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "td"}
    | {"th"}
)
_OPENED = re.compile(r"(?:https?|mailto|tel|sms):", re.IGNORECASE)
_WORD = re.compile(r"\w")
_OUTSIDE_LINKS = etree.XPath(".//text()[not(ancestor::a)]", smart_strings=False)
_NAMES = etree.XPath("//@id | //a/@name", smart_strings=False)


def check_links(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Look at each link: what it is called, where it leads, and how it can be seen and hit."""
    anchors = frozenset(_NAMES(mail.document))
    for link in mail.document.iter("a"):
        _check_purpose(link, anchors, mail, findings)
        look = appearance.looks.get(link)
        if look is None or look.is_hidden:
            continue
        if not look.is_underlined and _is_among_words(link):
            place = place_of(link, mail)
            findings.add("link-underline", "plain", place, label=_name(link, mail))
        _check_target(link, look, mail, findings)


def _check_purpose(
    link: etree._Element, anchors: frozenset[str], mail: ExaminedMail, findings: FindingList
) -> None:
    url, label = link.get("href"), _name(link, mail)
    if url is None and (link.get("name") or link.get("id")):
        return  # a place that other links lead to
    if not label:
        findings.add("link-empty", "name", place_of(link, mail), url=url or "nowhere")
    if not url or url == "#":
        findings.add("link-empty", "address", place_of(link, mail), label=label)
    elif url.startswith("#"):
        if url[1:] not in anchors:
            findings.add("link-empty", "anchor", place_of(link, mail), label=label, url=url)
    elif not _OPENED.match(url) and not mail.marks.slots_in(url):
        findings.add("unsupported", "address", place_of(link, mail), label=label, url=url)


def _check_target(
    link: etree._Element, look: Look, mail: ExaminedMail, findings: FindingList
) -> None:
    height = look.line_height + look.padding
    case, least = ("button", _EASY_TARGET) if look.padding else ("small", _LEAST_TARGET)
    if height < _LEAST_TARGET:
        case, least = "small", _LEAST_TARGET
    if height < least and _WORD.search(words_of(link)) and not _is_among_words(link):
        label, place = _name(link, mail), place_of(link, mail)
        findings.add("target-size", case, place, label=label, height=round(height), least=least)


def _name(link: etree._Element, mail: ExaminedMail) -> str:
    return mail.marks.readable(accessible_name(link))


def _is_among_words(link: etree._Element) -> bool:
    """Whether the block that the link stands in has words that belong to no link."""
    block = link.getparent()
    while block is not None and block.tag not in _BLOCKS:
        block = block.getparent()
    if block is None:
        return False
    return any(map(_WORD.search, _OUTSIDE_LINKS(block)))
