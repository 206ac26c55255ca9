"""A mail inside a page: whole, to be printed, and apart from all that surrounds it.

A frame would do, but nothing can make it as high as what it shows without a script, and a printer
cuts it off. So a mail is put in a shadow tree written out in HTML: neither its styles nor the
page's reach the other, and it breaks over pages like everything else. What a frame would decide,
the width of its window and that it is a screen in daylight, is decided in the styles.
"""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from collections.abc import Callable
from typing import TypeAlias

from lxml import etree
from markupsafe import Markup

from newsletter.app.contact_sheet.looks import LIGHT
from newsletter.composer.markup.inline import parse

Pictures: TypeAlias = Callable[[str], bytes | None]
"""Gives the bytes of a published file by its name, None when it is not there."""

_PRELUDE = re.compile(r"(?<=@media)[^{]*")
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([0-9.]+)px\s*\)")
_SCREEN = re.compile(r"\bscreen\b")
_ALWAYS, _NEVER = "(min-width:0px)", "(max-width:0px)"
_BODY = re.compile(r"(?<![\w.#-])body(?![\w-])")
_BODY_CLASS = "mail-body"
# X4: a workspace's own templates may hold anything.
_LEFT_OUT = ("script", "iframe", "object", "embed", "template", "meta", "link", "base", "noscript")
_HOST = (
    ":host{all:initial;display:block;contain:paint;overflow-wrap:break-word;color-scheme:light;"
    "background:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    # No page breaks a box that stands in a line, as MJML's columns do; one that floats it may.
    "@media print{.mj-outlook-group-fix{display:block!important;float:inline-start}}"
)


def rendering(html: str, width: int, pictures: Pictures) -> Markup:
    """The inside of an element that shows the mail as a window of `width` pixels shows it.

    Its pictures are in it; one that is not there is left to its words. Links open beside the page.
    """
    document = parse(LIGHT.of(html))
    for element in list(document.iter(etree.Comment, *_LEFT_OUT)):
        _take_out(element)
    for image in document.iter("img"):
        _show_picture(image, pictures)
    for link in document.iter("a"):
        _lead_away(link)
    styles = "".join(_written(_settled(style, width)) for style in document.iter("style"))
    body = _written(_as_a_block(document.find("body")))
    inside = f"<style>{_HOST}</style>{styles}{body}"
    # It comes from a tree, so nothing in it ends the element around it.
    return Markup(f'<template shadowrootmode="open">{inside}</template>')  # noqa: S704 - see above


def _take_out(element: etree._Element) -> None:
    """What stands behind an element is no part of it, and stays."""
    parent, before = element.getparent(), element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    elif parent is not None:
        parent.text = (parent.text or "") + (element.tail or "")
    if parent is not None:
        parent.remove(element)


def _show_picture(image: etree._Element, pictures: Pictures) -> None:
    name = (image.get("src") or "").rpartition("/")[2]
    content = pictures(name)
    media_type, _ = mimetypes.guess_type(name)
    if content is None or media_type is None:
        image.attrib.pop("src", None)
    else:
        image.set("src", f"data:{media_type};base64,{b64encode(content).decode()}")


def _lead_away(link: etree._Element) -> None:
    if (link.get("href") or "#").startswith("#"):
        return
    link.set("target", "_blank")
    link.set("rel", "noopener noreferrer")


def _settled(style: etree._Element, width: int) -> etree._Element:
    """The sheet of styles with its questions answered: a screen, of this width."""
    rules = _BODY.sub(f".{_BODY_CLASS}", style.text or "")
    style.text = _PRELUDE.sub(lambda prelude: _answered(prelude[0], width), rules)
    if style.get("media"):
        style.set("media", _answered(style.get("media"), width))
    return style


def _answered(query: str, width: int) -> str:
    return _WIDTH.sub(lambda asked: _answer(asked, width), _SCREEN.sub("all", query))


def _answer(asked: re.Match[str], width: int) -> str:
    bound = float(asked[2])
    return _ALWAYS if (width >= bound if asked[1] == "min" else width <= bound) else _NEVER


def _as_a_block(body: etree._Element) -> etree._Element:
    # A shadow tree has no body: HTML drops the tag, and with it the ground that the mail is on.
    body.tag = "div"
    body.set("class", f"{body.get('class') or ''} {_BODY_CLASS}".strip())
    return body


def _written(element: etree._Element) -> str:
    text: str = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
    return text
