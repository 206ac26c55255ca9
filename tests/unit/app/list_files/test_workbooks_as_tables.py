"""Lists as Excel workbooks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from newsletter.app.list_files import xlsx_safety
from newsletter.app.list_files.columns import has_addresses
from newsletter.app.list_files.opening import open_list
from newsletter.app.list_files.tables import ListRow, ListTable
from newsletter.domain.errors import FaultyFile, NewsletterError

PEOPLE = [["email", "name"], ["a@example.org", "Ann"], ["b@example.org", "Bob"]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*sheets: Sequence[Sequence[object]], titles: Sequence[str] = ("People",)) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(titles[number] if number < len(titles) else None)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with other bytes in some of its parts, or with more parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet_xml(rows: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'.encode()


class Folder:
    def __init__(self, path: Path) -> None:
        self.file = path / "list.xlsx"

    def read(self, content: bytes) -> tuple[ListTable, list[ListRow]]:
        self.file.write_bytes(content)
        with open_list(self.file, is_header=has_addresses) as table:
            return table, list(table.rows)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_workbook_is_told_by_its_bytes_and_read_as_a_table(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.file = tmp_path / "list.csv"

    table, rows = folder.read(workbook(PEOPLE))

    assert table.header == ("email", "name")
    assert table.described == 'XLSX, the sheet "People"'
    assert rows == [ListRow(2, ["a@example.org", "Ann"]), ListRow(3, ["b@example.org", "Bob"])]
    assert table.done() == table.total == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (447700900123.0, "447700900123"),
        (True, "true"),
        (date(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1, 9, 5, 6), "2024-03-01 09:05:06"),  # noqa: DTZ001 - Excel has no zones
        (time(9, 5), "09:05:00"),
        (None, ""),
        ("'=1+1", "=1+1"),
    ],
)
def test_a_cell_is_read_as_the_words_of_a_csv_file(
    folder: Folder, value: object, text: str
) -> None:
    _, rows = folder.read(workbook([["email", "x"], ["a@example.org", value]]))

    assert list(rows[0].cells) == ["a@example.org", text]


def test_a_formula_is_read_as_what_it_came_to(folder: Folder) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>email</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B2&amp;"@example.org"</f><v>a@example.org</v></c></row>'
        '<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="4"><c r="A4" t="str"><v>b@example.org</v></c></row>'
    )

    _, read = folder.read(changed(workbook(PEOPLE), {SHEET: sheet_xml(rows)}))

    assert read == [
        ListRow(2, ["a@example.org"]),
        ListRow(3, ["#DIV/0!"], "a formula in it came to #DIV/0!"),
        ListRow(4, ["b@example.org"]),
    ]


def test_the_first_sheet_with_addresses_is_read(folder: Folder) -> None:
    notes, clubs = [["What this is"], ["a list"]], [["club"], ["chess"]]

    table, rows = folder.read(workbook([], notes, clubs, PEOPLE, titles=("1", "2", "3", "Members")))

    assert table.described == 'XLSX, the sheet "Members"'
    assert len(rows) == 2


def test_without_addresses_the_first_sheet_that_holds_anything_is_read(folder: Folder) -> None:
    table, _ = folder.read(workbook([], [["club"], ["chess"]], [["town"]], titles=("A", "B", "C")))

    assert (table.header, table.described) == (("club",), 'XLSX, the sheet "B"')


def test_blank_rows_are_no_rows_and_count_as_lines(folder: Folder) -> None:
    table, rows = folder.read(
        workbook(
            [[], ["email", "name", None], [], ["a@example.org"], [" "], ["b@example.org", "B"]]
        )
    )

    assert (table.header, table.header_line) == (("email", "name"), 2)
    assert rows == [ListRow(4, ["a@example.org", ""]), ListRow(6, ["b@example.org", "B"])]


def test_a_sheet_that_states_the_wrong_size_is_read_whole(folder: Folder) -> None:
    content = workbook(PEOPLE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)

    _, rows = folder.read(changed(content, {SHEET: sheet.replace(b'ref="A1:B3"', b'ref="A1:A2"')}))

    assert [list(row.cells) for row in rows] == PEOPLE[1:]


def test_a_row_that_cannot_be_used_takes_no_other_with_it(folder: Folder) -> None:
    _, rows = folder.read(
        workbook([*PEOPLE[:2], ["c@example.org", "C", "more"], ["d@example.org", "D"]])
    )

    assert [(row.line, row.fault) for row in rows] == [
        (2, None),
        (3, "has 3 cells, the header has 2"),
        (4, None),
    ]


def test_a_cell_of_a_megabyte_is_a_fault_of_its_row(folder: Folder) -> None:
    long = f'<row r="2"><c r="A2" t="str"><v>{"x" * 1_000_000}</v></c></row>'
    rows = f'<row r="1"><c r="A1" t="str"><v>email</v></c></row>{long}'
    content = changed(workbook(PEOPLE), {SHEET: sheet_xml(rows)})

    _, read = folder.read(changed(content, {"filler.bin": bytes(range(256)) * 40}))

    assert [row.fault for row in read] == ["a cell is longer than 64 KB"]


# Workbooks that are none, or too much


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (workbook(PEOPLE)[:3000], "is no workbook that can be read .*; was it copied whole?"),
        (workbook(PEOPLE)[:-30], "is no workbook that can be read"),
        (workbook([], []), "there is nothing in any sheet"),
        (workbook([["c"] * 1_001]), "list.xlsx:1: there are 1,001 columns; at most 1,000"),
        (changed(workbook(PEOPLE), {SHEET: b"<worksheet"}), "is no workbook that can be read"),
        (changed(workbook(PEOPLE), {SHEET: b"\0"}), "does not begin as plain XML"),
        (
            changed(workbook(PEOPLE), {SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]>' + sheet_xml("")}),
            "does not begin as plain XML",
        ),
        (
            changed(workbook(PEOPLE), {SHEET: b"<!-- -->" + sheet_xml("")}),
            "does not begin as plain XML",
        ),
        (
            changed(workbook(PEOPLE), {SHEET: sheet_xml("").decode().encode("utf-16")}),
            "does not begin as plain XML",
        ),
        (
            changed(workbook(PEOPLE), {"xl/media/image.bin": b"\0" * 30_000_000}),
            "unpacks to more than 200 times its size",
        ),
        (
            changed(workbook(PEOPLE), {f"parts/{number}.bin": b"" for number in range(1000)}),
            r"has 1,\d+ parts; at most 1,000 are read",
        ),
        (
            changed(workbook(PEOPLE), {SHEET: sheet_xml('<row r="99999999999"><c t="b"/></row>')}),
            "there are more rows than Excel has",
        ),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_cure(
    folder: Folder, content: bytes, says: str
) -> None:
    with pytest.raises(FaultyFile, match=says) as refused:
        folder.read(content)

    assert refused.value.faults[0].cure


def test_a_workbook_that_unpacks_to_too_much_is_refused_unpacked(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_safety, "MOST_UNPACKED", 1000)

    with pytest.raises(FaultyFile, match="unpacks to 0 MB"):
        folder.read(workbook(PEOPLE))


def test_a_zip_file_of_other_things_is_no_workbook(folder: Folder) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("list.csv", "email\n")

    with pytest.raises(FaultyFile, match="is a ZIP file and no workbook; unpack it"):
        folder.read(out.getvalue())


@given(data=st.data())
def test_a_workbook_with_any_bytes_changed_is_a_table_or_a_clear_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(_SMALL)
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(content)))

    try:
        _, rows = Folder(tmp_path_factory.mktemp("book")).read(bytes(content[:cut]))
    except NewsletterError as refused:
        told: Sequence[object] = refused.lines()
    else:
        told = [len(rows)]

    assert told


_SMALL = workbook(PEOPLE)
