"""Tables that arrange, and tables of data: table-role, table-headers."""

from __future__ import annotations

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of, words_of
from newsletter.composer.findings.findings import FindingList

_HAS_DATA = "caption or tr/th or */tr/th"
_OF_DATA = etree.XPath(f"//table[{_HAS_DATA}]")
_UNSAID = etree.XPath(f"//table[not(@role='presentation' or @role='none')][not({_HAS_DATA})]")
_ROWS = etree.XPath("tr | */tr")
_CELLS = etree.XPath("th | td")
_HEADINGS = etree.XPath("(tr | */tr)/th")
_SCOPES = frozenset({"col", "row", "colgroup", "rowgroup"})


def check_tables(mail: ExaminedMail, findings: FindingList) -> None:
    """Look at the tables that only arrange things, and then at those of data."""
    for table in _UNSAID(mail.document):
        findings.add("table-role", "missing", place_of(table, mail))
    for table in _OF_DATA(mail.document):
        _check_headers(table, mail, findings)
        _check_rows(table, mail, findings)


def _check_headers(table: etree._Element, mail: ExaminedMail, findings: FindingList) -> None:
    place = place_of(table, mail)
    if table.get("role"):
        findings.add("table-headers", "presentation", place, role=table.get("role"))
    if not _caption(table):
        findings.add("table-headers", "caption", place)
    for heading in _HEADINGS(table):
        if heading.get("scope") not in _SCOPES:
            findings.add(
                "table-headers", "scope", place, heading=mail.marks.readable(words_of(heading))
            )


def _check_rows(table: etree._Element, mail: ExaminedMail, findings: FindingList) -> None:
    counts = [sum(map(_width, _CELLS(row))) for row in _ROWS(table)]
    for row, count in enumerate(counts):  # the headings are row 0
        if count != counts[0] and not table.xpath("boolean(.//*[@rowspan])"):
            findings.add(
                "table-headers",
                "uneven",
                place_of(table, mail),
                row=row,
                caption=mail.marks.readable(_caption(table)),
                count=count,
                expected=counts[0],
            )


def _caption(table: etree._Element) -> str:
    caption = table.find("caption")
    return "" if caption is None else words_of(caption)


def _width(cell: etree._Element) -> int:
    """How many columns the cell takes."""
    span = cell.get("colspan", "1")
    return int(span) if span.isdecimal() and len(span) < 4 else 1
