"""What mail programs drop, or distrust a mail for: unsupported."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.css import Declarations, read_declarations, read_sheet

_DROPPED = (
    *("applet", "audio", "base", "button", "canvas", "dialog", "embed", "form", "frame", "iframe"),
    *("input", "link", "math", "object", "picture", "script", "select", "svg", "textarea", "video"),
)
_MOST_STYLE = 8192
_STYLES = etree.XPath("//@style", smart_strings=False)
_STYLED = etree.XPath("//*[@style=$style]")
_HANDLER = re.compile(r" on[a-z]+=")
_HANDLED = etree.XPath("//*[@*[starts-with(name(), 'on')]]")
_LAYOUTS = re.compile(r"(?:inline-)?(?:flex|grid)")
_COMPUTED = re.compile(r"\b(?:var|calc|min|max|clamp)\(")


def check_support(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for elements, scripts and styles that mail programs do not show."""
    for element in mail.document.iter(*_DROPPED):
        findings.add("unsupported", "element", place_of(element, mail), name=element.tag)
    if _HANDLER.search(mail.html):
        _check_handlers(mail, findings)
    _check_styles(mail, findings)
    for block in mail.document.iter("style"):
        _check_block(block.text or "", mail, findings)


def _check_handlers(mail: ExaminedMail, findings: FindingList) -> None:
    for element in _HANDLED(mail.document):
        place = place_of(element, mail)
        for name, _ in element.items():
            if name.startswith("on"):
                findings.add("unsupported", "handler", place, element=element.tag, name=name)


def _check_styles(mail: ExaminedMail, findings: FindingList) -> None:
    for style in set(_STYLES(mail.document)):
        for name, value in _unknown_in(style):
            for element in _STYLED(mail.document, style=style):
                place = place_of(element, mail)
                findings.add("unsupported", "style", place, name=name, value=value)


def _check_block(css: str, mail: ExaminedMail, findings: FindingList) -> None:
    place, size, sheet = Place(mail.language), len(css.encode()), read_sheet(css)
    if size > _MOST_STYLE:
        findings.add("unsupported", "long-block", place, size=size, most=_MOST_STYLE)
    if not sheet.is_sound:
        findings.add("unsupported", "broken-block", place)
    for name, value in _unknown_in_block(css):
        findings.add("unsupported", "style", place, name=name, value=value)


@lru_cache(maxsize=4096)
def _unknown_in(style: str) -> tuple[tuple[str, str], ...]:
    return _unknown(read_declarations(style))


@lru_cache(maxsize=128)
def _unknown_in_block(css: str) -> tuple[tuple[str, str], ...]:
    return tuple(one for rule in read_sheet(css).rules for one in _unknown(rule.declarations))


def _unknown(declarations: Declarations) -> tuple[tuple[str, str], ...]:
    """The declarations that many mail programs do not know, as name and value."""
    return tuple(
        (name, said.value)
        for name, said in declarations.items()
        if (name == "position" and said.value not in ("static", "relative"))
        or (name == "display" and _LAYOUTS.fullmatch(said.value))
        or name.startswith("--")
        or _COMPUTED.search(said.value)
    )
