"""Styles from the sheet into the elements, as mail programs want them (premailer)."""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import Any

from lxml import etree

_ATTRIBUTES = ["align", "valign", "bgcolor", "width", "height"]
"""What premailer would derive from styles: it breaks MJML's own, such as `width` for Outlook."""


_OPTIONS: dict[str, Any] = {
    "strip_important": False,  # the narrow-screen rules live by !important
    "disable_basic_attributes": _ATTRIBUTES,
    "disable_validation": True,
    "align_floating_images": False,  # our images do not float; it parses the style of each
    "allow_network": False,
    "allow_loading_external_files": False,
    "cssutils_logging_level": logging.CRITICAL,
}


_NAME = re.compile(r"[\w-]+")


def parse(html: str) -> etree._Element:
    """The `<html>` element of a document."""
    return etree.fromstring(html, etree.HTMLParser())


def inline_styles(document: etree._Element, sheet: str) -> None:
    """Write the rules of `sheet` into the `style` attributes of `document`.

    The document's own `<style>` elements stay as they are: they hold the rules for narrow screens
    and for single mail programs.
    """
    for style in document.iter("style"):
        style.set("data-premailer", "ignore")
    _inliner()(document, css_text=[sheet], **_OPTIONS).transform()
    for style in document.iter("style"):
        # It leaves its own attribute on the styles of some media.
        style.attrib.pop("data-premailer", None)


@cache
def _names_in(selector: str) -> frozenset[str]:
    """The elements and classes without which `selector` finds nothing."""
    return frozenset(_NAME.findall(selector))


@cache
def _inliner() -> Any:  # noqa: ANN401 - premailer has no types
    """premailer without the work that it does again and again, or for nothing."""
    # Imported here, since it takes longer to load than the rest of the program, and `send due`,
    # which cron starts every minute, inlines nothing.
    import cssutils
    from premailer import Premailer

    cssutils.log.setLevel(logging.CRITICAL)  # a line for each CSS property younger than itself

    @lru_cache(maxsize=32)
    def rules_of(sheet: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        rules, leftover = Premailer(**_OPTIONS)._parse_style_rules(sheet, 0)
        return tuple(rules), tuple(leftover)

    class Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
        def _parse_style_rules(self, sheet: str, _: int) -> tuple[list[Any], list[Any]]:
            """The rules of the only sheet that concern the document.

            Written out once, which takes most of the time; most classes are of other kinds.
            """
            rules, leftover = rules_of(sheet)
            names = {element.tag for element in self.html.iter(etree.Element)}
            names.update(" ".join({*self.html.xpath("//@class")}).split())
            return [rule for rule in rules if _names_in(rule[1]) <= names], list(leftover)

        def _style_to_basic_html_attributes(self, *_: object, **__: object) -> None:
            """Nothing, since all of these attributes are switched off."""

    return Inliner
