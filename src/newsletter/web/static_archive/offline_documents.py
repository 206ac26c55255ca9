"""A page as it is to be read without the program: its links lead to files, or to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from lxml import etree, html

from newsletter.web.static_archive.files import ArchiveFiles, link_between

_POLICY = "default-src 'none'; img-src 'self' file:; {style}; form-action 'none'; base-uri 'none'"
_INLINE = "style-src 'unsafe-inline'"
# To some browsers every file on a disk is a site of its own; from a server none can be loaded.
_OWN = "style-src 'self' file:"


@dataclass(frozen=True, slots=True)
class OfflineDocuments:
    """Makes documents whose links lead to the files of those of `paths` that are there."""

    files: ArchiveFiles
    paths: Set[str]

    def document(self, content: bytes, file: str, policy: str) -> bytes:
        """The document of a page in `file`, which was answered under the security `policy`."""
        root = html.document_fromstring(content.decode())
        for form in list(root.iter("form")):
            form.drop_tree()
        for element, name, path in list(linked(root, self.files)):
            self._lead(element, name, path, file)
        _add_policy(root, policy)
        whole: bytes = etree.tostring(
            root.getroottree(), method="html", encoding="utf-8", doctype="<!DOCTYPE html>"
        )
        return whole + b"\n"

    def _lead(self, element: html.HtmlElement, name: str, path: str, file: str) -> None:
        if path in self.paths:
            fragment = element.get(name).partition("#")[2]
            link = link_between(file, self.files.file(path))
            element.set(name, f"{link}#{fragment}" if fragment else link)
        elif element.tag == "a":
            _take_away(element)


def linked(
    root: html.HtmlElement, files: ArchiveFiles
) -> Iterator[tuple[html.HtmlElement, str, str]]:
    """Every element with a link into the site, the link's attribute, and the path it leads to; but
    not what names the page's permanent addresses."""
    for element in root.iter("a", "img", "link"):
        if element.get("rel") == "canonical" or (element.tag == "link" and element.get("hreflang")):
            continue
        name = "src" if element.tag == "img" else "href"
        path = files.path(element.get(name, ""))
        if path is not None:
            yield element, name, path


def _take_away(link: html.HtmlElement) -> None:
    """The words of a link without it; nothing at all where they are an entry of a list."""
    entry = link.getparent()
    if (
        entry is not None
        and entry.tag == "li"
        and len(entry) == 1
        and not (entry.text or "").strip()
    ):
        entry.drop_tree()
        return
    for name in ("href", "hreflang", "rel"):
        link.attrib.pop(name, None)


def _add_policy(root: html.HtmlElement, policy: str) -> None:
    style = _INLINE if _INLINE in policy else _OWN
    meta = etree.Element("meta", {"http-equiv": "Content-Security-Policy"})
    meta.set("content", _POLICY.format(style=style))
    root.find("head").insert(0, meta)
