"""Whether a mail has colours of its own for dark screens: dark-mode."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import beginning_of, place_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.css import CssRule
from newsletter.composer.looks.looks import Look, Shade
from newsletter.composer.looks.sheets import Sheet, is_for_dark
from newsletter.composer.looks.shown_texts import Appearance

_METAS = ("color-scheme", "supported-color-schemes")
_EXTREMES = frozenset({"#000000", "#ffffff"})
_COLOURS = {"color": "[data-ogsc] ", "background-color": "[data-ogsb] "}
"""What Outlook.com puts above the rules that it keeps on dark screens, by what they set."""


def check_darkness(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Look for what says that the mail can be dark, for its dark colours, and for dazzling ones."""
    place = Place(mail.language)
    for name in _METAS:
        if "dark" not in _meta(mail.document, name):
            findings.add("dark-mode", "meta", place, name=name)
    if not any(is_for_dark(rule.media) for rule in appearance.sheet.rules):
        findings.add("dark-mode", "colours", place)
    for selector, name, value in _not_for_outlook(appearance.sheet):
        findings.add("dark-mode", "outlook", place, selector=selector, name=name, value=value)
    for text in appearance.texts:
        for shade in _dazzling(text.look):
            findings.add(
                "dark-mode",
                "extreme",
                place_of(text.element, mail),
                words=beginning_of(text.words, mail),
                colour=shade.colour,
                ground=shade.ground,
            )


def _meta(document: etree._Element, name: str) -> str:
    return next(
        (one.get("content", "") for one in document.iter("meta") if one.get("name") == name), ""
    )


@lru_cache(maxsize=32)
def _not_for_outlook(sheet: Sheet) -> tuple[tuple[str, str, str], ...]:
    """The dark colours that Outlook.com is not given, as selector, property and value."""
    told = set(_colours(rule for rule in sheet.rules if not rule.media))
    dark = _colours(rule for rule in sheet.rules if is_for_dark(rule.media))
    return tuple(one for one in dark if (_COLOURS[one[1]] + one[0], *one[1:]) not in told)


def _colours(rules: Iterator[CssRule]) -> Iterator[tuple[str, str, str]]:
    for rule in rules:
        for name in _COLOURS:
            if name in rule.declarations:
                yield rule.selector, name, rule.declarations[name].value


@lru_cache(maxsize=8192)
def _dazzling(look: Look) -> tuple[Shade, ...]:
    return tuple(
        shade
        for shade in dict.fromkeys((look.day, look.night))
        if shade.colour != shade.ground and {shade.colour, shade.ground} <= _EXTREMES
    )
