"""What templates leave behind when something is missing: template-residue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.shown_texts import Appearance
from newsletter.composer.words.merge_values import MARK

_SIGN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|%7B%7B|\[object |[\x01\x02]")
_RARE = ("{", "}", "%7B", "[object ", "\x01", "\x02")
"""One of which each sign of a template holds, and hardly any mail."""

_AROUND = 20
_NOTHING = frozenset({"None", "null", "NaN", "undefined"})
"""What languages of templates write where a value is missing."""

_AUTHORS_OWN = frozenset({"td", "th", "li"})
"""Where an author may well write “None” and mean it."""

_VALUED = etree.XPath(
    "//*[@*[.='None' or .='undefined' or .='Nonepx' or .='None%' or .='null' or .='NaN']]"
)
_MAY_BE_VALUED = re.compile(r"=\"(?:None|undefined|null|NaN)")


def check_residue(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Look for braces, marks and the names of missing values, in both parts."""
    for part, words in (("the HTML", mail.html.partition("<body")[2]), ("the text", mail.text)):
        for sign, around in _signs(words, mail):
            place = Place(mail.language)
            findings.add("template-residue", "sign", place, sign=sign, part=part, around=around)
    _check_values(mail, appearance, findings)
    if _MAY_BE_VALUED.search(mail.html):
        _check_attributes(mail, findings)


def _signs(words: str, mail: ExaminedMail) -> Iterator[tuple[str, str]]:
    """Each sign of a template with what stands around it."""
    has_signs = any(sign in words for sign in _RARE)
    for found in _SIGN.finditer(words) if has_signs else ():
        yield found[0], words[max(0, found.start() - _AROUND) : found.end() + _AROUND]
    for mark in MARK.findall(words):
        if not mail.marks.slots_in(mark):
            yield mark, mark


def _check_values(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    shown = set()
    for text in appearance.texts:
        words = text.words.strip()
        if words in _NOTHING:
            shown.add(words)
            if text.element.tag not in _AUTHORS_OWN:
                place = place_of(text.element, mail)
                findings.add("template-residue", "value", place, sign=words, part="the HTML")
    for line in _NOTHING.intersection(mail.text.splitlines()) - shown:
        place = Place(mail.language)
        findings.add("template-residue", "value", place, sign=line, part="the text")


def _check_attributes(mail: ExaminedMail, findings: FindingList) -> None:
    for element in _VALUED(mail.document):
        for attribute, value in element.items():
            if value.removesuffix("px").removesuffix("%") in _NOTHING:
                findings.add(
                    "template-residue",
                    "attribute",
                    place_of(element, mail),
                    element=element.tag,
                    attribute=attribute,
                    value=value,
                )
