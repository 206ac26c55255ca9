"""What attributes tell assistive technology: id-duplicate, aria-invalid, zoom-blocked."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of
from newsletter.composer.findings.findings import FindingList, Place

_IDS = etree.XPath("//@id", smart_strings=False)
_SAYING = etree.XPath("//*[@role or @*[starts-with(name(), 'aria-')]]")
_VIEWPORTS = etree.XPath("//meta[@name='viewport']/@content", smart_strings=False)
_ZOOM_BLOCKED = re.compile(r"user-scalable\s*=\s*(?:no|0)\b|maximum-scale", re.IGNORECASE)
_ROLE = re.compile(r" role=\"([^\"]*)\"")
_MORE_ARIA = re.compile(r" aria-(?!label=|roledescription=)")
"""Other properties than those by which links and the mail itself are named."""

_ROLES = frozenset(
    {"alert", "article", "banner", "blockquote", "caption", "cell", "code", "columnheader"}
    | {"complementary", "contentinfo", "definition", "figure", "group", "heading", "img", "link"}
    | {"list", "listitem", "main", "navigation", "none", "note", "paragraph", "presentation"}
    | {"region", "row", "rowgroup", "rowheader", "separator", "status", "strong", "table", "term"}
    | {"emphasis", "document", "doc-subtitle", "button", "time", "search"}
)
"""The roles of WAI-ARIA 1.2 that something in a mail can have."""

_ATTRIBUTES = frozenset(
    f"aria-{name}"
    for name in (
        *("atomic", "braillelabel", "brailleroledescription", "busy", "colcount", "colindex"),
        *("colindextext", "colspan", "controls", "current", "describedby", "description"),
        *("details", "expanded", "flowto", "hidden", "keyshortcuts", "label", "labelledby"),
        *("level", "live", "owns", "posinset", "relevant", "roledescription", "rowcount"),
        *("rowindex", "rowindextext", "rowspan", "setsize", "sort"),
    )
)
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-details", "aria-owns")


def check_ids(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for an id that more than one element has."""
    for name, count in Counter(_IDS(mail.document)).items():
        if count > 1:
            place = Place(mail.language)
            findings.add("id-duplicate", "repeated", place, name=name, count=count)


def check_aria(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for roles and properties that do not exist, and ids that are not there."""
    if _ROLES.issuperset(_ROLE.findall(mail.html)) and not _MORE_ARIA.search(mail.html):
        return
    ids = frozenset(_IDS(mail.document))
    for element in _SAYING(mail.document):
        for case, value in _faults(element, ids):
            place = place_of(element, mail)
            findings.add("aria-invalid", case, place, element=element.tag, value=value)


def check_zoom(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for a viewport that keeps readers from zooming."""
    for value in _VIEWPORTS(mail.document):
        if _ZOOM_BLOCKED.search(value):
            findings.add("zoom-blocked", "viewport", Place(mail.language), value=value)


def _faults(element: etree._Element, ids: frozenset[str]) -> list[tuple[str, str]]:
    get = element.get
    names = [name for name in element.keys() if name.startswith("aria-")]  # noqa: SIM118
    found = [("role", role) for role in get("role", "").split() if role not in _ROLES]
    found += [("attribute", name) for name in names if name not in _ATTRIBUTES]
    named = " ".join(get(name, "") for name in _REFERENCES if name in names)
    found += [("reference", name) for name in named.split() if name not in ids]
    if element.tag == "a" and get("aria-hidden") == "true":
        found.append(("hidden-link", get("href", "")))
    return found
