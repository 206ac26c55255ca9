"""Styles from the sheet into the elements, as mail programs want them (premailer)."""

from __future__ import annotations

import logging

from lxml import etree

_ATTRIBUTES = ["align", "valign", "bgcolor", "width", "height"]
"""What premailer would derive from styles: it breaks MJML's own, such as `width` for Outlook."""


def parse(html: str) -> etree._Element:
    """The `<html>` element of a document."""
    return etree.fromstring(html, etree.HTMLParser())


def inline_styles(document: etree._Element, sheet: str) -> None:
    """Write the rules of `sheet` into the `style` attributes of `document`.

    The document's own `<style>` elements stay as they are: they hold the rules for narrow screens
    and for single mail programs.
    """
    # Imported here, since it takes longer to load than the rest of the program, and `send due`,
    # which cron starts every minute, inlines nothing.
    import cssutils
    from premailer import Premailer

    cssutils.log.setLevel(logging.CRITICAL)  # a line for each CSS property younger than itself
    for style in document.iter("style"):
        style.set("data-premailer", "ignore")
    Premailer(
        css_text=[sheet],
        strip_important=False,  # the narrow-screen rules live by !important
        disable_basic_attributes=_ATTRIBUTES,
        disable_validation=True,
        align_floating_images=False,  # our images do not float; it parses the style of each
        allow_network=False,
        allow_loading_external_files=False,
        cssutils_logging_level=logging.CRITICAL,
    ).transform(document)
    for style in document.iter("style"):
        # It leaves its own attribute on the styles of some media.
        style.attrib.pop("data-premailer", None)
