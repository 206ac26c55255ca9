"""What Outlook for Windows makes of a mail: outlook."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of, words_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.css import read_declarations

_CONDITION = re.compile(r"<!--\[if\b|<!(?:--)?\[endif\]-->")
_ONLY_OUTLOOK = re.compile(r"<!--\[if [^\]!]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_TAG = re.compile(r"<(/?)(table|tr|td)\b([^<>]*)>")
_ROLE = re.compile(r"\brole=\"(?:presentation|none)\"")
_RELATIVE = re.compile(r"\bwidth(?:=\"|:\s*)(\d+%)")
_ON_IMAGES = etree.XPath("//*[@background or contains(@style, 'url(')]")


def check_outlook(mail: ExaminedMail, findings: FindingList) -> None:
    """Look at what only Outlook reads, and for what it does not show."""
    place = Place(mail.language)
    conditions = [found.startswith("<!--[if") for found in _CONDITION.findall(mail.html)]
    if conditions != [True, False] * (len(conditions) // 2):
        findings.add("outlook", "condition", place)
    tags = [tag for part in _ONLY_OUTLOOK.findall(mail.html) for tag in _TAG.findall(part)]
    counts = Counter((slash, name) for slash, name, _ in tags)
    for name in ("table", "tr", "td"):
        opened, closed = counts["", name], counts["/", name]
        if opened != closed:
            findings.add("outlook", "tags", place, name=name, opened=opened, closed=closed)
    for attributes in {one for slash, name, one in tags if name == "table" and not slash}:
        _check_table(attributes, place, findings)
    _check_backgrounds(mail, findings)


def _check_table(attributes: str, place: Place, findings: FindingList) -> None:
    if not _ROLE.search(attributes):
        findings.add("outlook", "role", place)
    if width := _RELATIVE.search(attributes):
        findings.add("outlook", "width", place, width=width[1])


def _check_backgrounds(mail: ExaminedMail, findings: FindingList) -> None:
    if "url(" not in mail.html and " background=" not in mail.html:
        return
    for element in _ON_IMAGES(mail.document):
        style = read_declarations(element.get("style", ""))
        shown = element.get("background") or (
            style["background-image"].value if "background-image" in style else "none"
        )
        if shown != "none" and words_of(element):
            findings.add("outlook", "background", place_of(element, mail), url=shown)
