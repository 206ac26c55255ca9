"""What MJML leaves undone in the finished document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from newsletter.composer.pictures.images import Picture
from newsletter.i18n.language_facts import direction
from newsletter.i18n.word_lists import word_lists

_ADJACENT_CONDITIONS = re.compile(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>")
_TWICE = re.compile(r"background:(#[0-9a-fA-F]{6});(?=background-color:\1)")
_NOT_ROUND = re.compile(r"border-radius:0px;(?:overflow:hidden;?)?")
_OUTLOOK_CLASS = re.compile(r' class="[a-z -]+-outlook"')
_QUOTED = frozenset({"alt", "aria-label", "href", "src"})
_RUST_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
_RUST_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": ""}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SECTION, _LANGUAGE = "data-section", "data-language"


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished mail: its text, its tree, and the section's position of each element of one."""

    html: str
    document: etree._Element
    sections: Mapping[etree._Element, int]


def finish(
    document: etree._Element, *, languages: tuple[str, ...], pictures: Mapping[str, Picture]
) -> Finished:
    """The document as it is sent: languages, image sizes and link names said, then written out.

    `languages` are the mail's, in order; `pictures` maps addresses to the images that they show.
    """
    _say_language(document, languages[0])
    sections = _place_sections(document)
    _mend_quoting(document)
    _give_sizes(document, pictures)
    _name_links(document, sections, _vague_labels(languages))
    _shorten(document)
    html = etree.tostring(document, method="html", encoding="unicode")
    # Two <style> elements are never merged: one may be for narrow screens only, by its `media`.
    return Finished("<!DOCTYPE html>" + _ADJACENT_CONDITIONS.sub("", html), document, sections)


def _say_language(document: etree._Element, language: str) -> None:
    """`lang` and `dir` on the root and, as clients drop it, on each child of the body (H1, H3)."""
    for element in (document, *document.find("body")):
        if isinstance(element.tag, str):
            _set_language(element, language)


def _set_language(element: etree._Element, language: str) -> None:
    element.set("lang", language)
    element.set("dir", direction(language))


def _place_sections(document: etree._Element) -> dict[etree._Element, int]:
    """Each element of a section with its position; the layout's signs of where one begins are
    taken out, and what follows one in another language than the mail's first says so (H10)."""
    first, sections = document.get("lang"), {}
    for sign in document.xpath(f"body//i[@{_SECTION}]"):
        section, language = sign.get(_SECTION), sign.get(_LANGUAGE)
        for element in _until_next_sign(sign):
            if language != first:
                _set_language(element, language)
            if section:
                sections.update(dict.fromkeys(element.iter(etree.Element), int(section)))
        _remove(sign)
    return sections


def _until_next_sign(sign: etree._Element) -> Iterator[etree._Element]:
    for element in sign.itersiblings(etree.Element):
        if element.get(_SECTION) is not None:
            return
        yield element


def _remove(element: etree._Element) -> None:
    # lxml takes the text behind an element away with it; between blocks there is none to keep.
    element.getparent().remove(element)


def _mend_quoting(document: etree._Element) -> None:
    """Undo the quoting of Rust strings that MJML leaves in attributes: `a\\u{301}` for `á`."""
    for element in document.iter("a", "img", "div", "td", "v:rect", "v:image"):
        for name in _QUOTED.intersection(element.attrib):
            value = element.get(name)
            if "\\" in value:
                element.set(name, _RUST_ESCAPE.sub(_unescaped, value))


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _RUST_LETTERS.get(escape[2], escape[2])


def _give_sizes(document: etree._Element, pictures: Mapping[str, Picture]) -> None:
    """Both sizes as attributes, so that nothing jumps and Outlook keeps the proportions (H16).

    The style keeps `height:auto`, by which images shrink on a phone.
    """
    for image in document.iter("img"):
        picture = pictures.get(image.get("src"))
        if picture is not None:
            # In a column of so many per cent MJML gives parts of pixels.
            width = round(float(image.get("width") or picture.width))
            image.set("width", str(width))
            image.set("height", str(round(picture.height * width / picture.width)))


def _vague_labels(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        label for language in languages for label in word_lists(language)["vague_labels"]
    )


def _name_links(
    document: etree._Element, sections: Mapping[etree._Element, int], vague: frozenset[str]
) -> None:
    """Links open where the reader wants; a label such as “Read more” also says what of (H8)."""
    heading, section = "", None
    for element in document.iter("a", *_HEADINGS):
        if sections.get(element) != section:
            # A section without a heading is not about what the one before it is.
            heading, section = "", sections.get(element)
        if element.tag in _HEADINGS:
            heading = _words(element)
            continue
        element.attrib.pop("target", None)
        label = _words(element)
        if heading and label.lower().rstrip(" .…:>»") in vague:
            element.set("aria-label", f"{label}: {heading}")


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _shorten(document: etree._Element) -> None:
    """Take out the bytes that say nothing; Gmail cuts a mail at about 102,000 of them (H12)."""
    for comment in document.iter(etree.Comment):
        if "-outlook" in comment.text:
            comment.text = _OUTLOOK_CLASS.sub("", comment.text)
    for cell in document.xpath("//td[@vertical-align]"):
        del cell.attrib["vertical-align"]
    for element in document.xpath("//*[@style]"):
        element.set("style", _short_style(element.get("style")))


@lru_cache(maxsize=2048)
def _short_style(style: str) -> str:
    # Kept, since a mail has a few styles only, and many elements of each.
    short = style.replace("; ", ";").replace(": ", ":")
    return _NOT_ROUND.sub("", _TWICE.sub("", short)).rstrip(";")
