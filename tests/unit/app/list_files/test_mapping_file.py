"""A person's own word on how a list is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.list_files.encodings import NAMED_ENCODINGS
from newsletter.app.list_files.instants import DateOrder
from newsletter.app.list_files.listed_people import ListedPerson, SkippedRow
from newsletter.app.list_files.mapping_file import read_mapping
from newsletter.app.list_files.mappings import ListMapping
from newsletter.domain.errors import FaultyFile, NewsletterError
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import SuppressionReason
from tests.list_rows import ATTRIBUTES, list_reader, read_list, read_person

WHOLE = """\
delimiter = ";"
encoding = "Windows-1252"
dates = "day-first"
ignore = ["Nodiadau"]

[columns]
email = "E-bost cartref"
name = "Enw"
status = "Cyflwr"
since = "Ers"
language = "Iaith"

[attributes]
county = "Sir"

[statuses]
"yn fyw" = "subscribed"
"wedi gadael" = "unsubscribed"
'wedi’i rwystro' = "suppressed"
aros = "pending"
arall = "skip"

[languages]
Cymro = "cy"
"""
LIST = "E-bost cartref,Enw,Cyflwr,Ers,Iaith,Sir,Nodiadau,email\n"


class Folder:
    def __init__(self, path: Path) -> None:
        self.file = path / "mapping.toml"

    def mapping(self, text: str) -> ListMapping:
        self.file.write_text(text, encoding="utf-8")
        return read_mapping(self.file, languages=["en", "cy"], attributes=ATTRIBUTES)

    def faults(self, text: str) -> list[str]:
        with pytest.raises(FaultyFile) as refused:
            self.mapping(text)
        return [str(fault).removeprefix(f"{self.file}:") for fault in refused.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_mapping_says_which_column_holds_what(folder: Folder) -> None:
    person = read_person(
        LIST + "dai@example.org,Dai,Yn fyw,03/04/2024,cymro,Powys,x,other@example.org\n",
        mapping=folder.mapping(WHOLE),
    )

    assert person.address.typed == "dai@example.org"
    assert (person.name, person.language, person.standing) == ("Dai", "cy", Standing.SUBSCRIBED)
    assert person.since is not None
    assert (person.since.day, person.since.month) == (3, 4)
    assert person.attributes == {"county": "Powys"}


def test_a_mapping_says_what_statuses_mean(folder: Folder) -> None:
    rows = "".join(
        f"{number}@example.org,,{status},,,,,\n"
        for number, status in enumerate(
            ["wedi gadael", "wedi’i rwystro", "AROS", "arall", "active"]
        )
    )

    read = read_list(LIST + rows, mapping=folder.mapping(WHOLE))

    left, blocked, waiting, skipped, common = read
    assert isinstance(left, ListedPerson)
    assert left.standing is Standing.UNSUBSCRIBED
    assert isinstance(blocked, ListedPerson)
    assert (blocked.suppression, blocked.evidence) == (
        SuppressionReason.IMPORTED,
        'the list says "wedi’i rwystro"',
    )
    assert isinstance(waiting, ListedPerson)
    assert waiting.standing is Standing.PENDING
    assert skipped == SkippedRow(5, 'the mapping skips the status "arall"')
    assert isinstance(common, ListedPerson)


def test_a_mapping_says_how_the_file_is_written(folder: Folder) -> None:
    mapping = folder.mapping(WHOLE)

    assert mapping.delimiter == ";"
    assert mapping.encoding is NAMED_ENCODINGS["windows-1252"]
    assert mapping.dates is DateOrder.DAY_FIRST


def test_columns_that_a_mapping_ignores_are_not_missed(folder: Folder) -> None:
    reader, _ = list_reader(LIST, mapping=folder.mapping(WHOLE))

    assert reader.notes[1].startswith('These columns were not read: "email".')


def test_an_empty_mapping_changes_nothing(folder: Folder) -> None:
    assert read_person("email\nd@example.org\n", mapping=folder.mapping("")).line == 2


def test_every_fault_is_told_in_one_go_with_its_line(folder: Folder) -> None:
    faults = folder.faults(
        'delimeter = ";"\n'
        'delimiter = "/"\n'
        'encoding = "latin"\n'
        'dates = "year-first"\n'
        "ignore = 3\n"
        "[columns]\n"
        'emial = "E-bost"\n'
        "name = 4\n"
        "[attributes]\n"
        'county = ""\n'
        '"town" = "Tref"\n'
        "[statuses]\n"
        '"yn fyw" = "active"\n'
        "[languages]\n"
        "'Ffrangeg' = \"fr\"\n"
    )

    assert faults == [
        '1: delimeter: there is no such key; did you mean "delimiter"?',
        "2: delimiter: there is no '/'; use one of: ,, ;, \\t, |",
        "3: encoding: there is no 'latin'; use one of: utf-8, utf-16, windows-1252,"
        " iso-8859-1, iso-8859-14, iso-8859-15, macintosh",
        "4: dates: there is no 'year-first'; did you mean \"day-first\"?",
        '5: ignore: this is not a list of names; write ignore = ["Name"]',
        '7: columns.emial: there is none called so; did you mean "email"?',
        '8: columns.name: this is not text; write name = "…"',
        '10: attributes.county: this is not text; write county = "…"',
        "11: attributes.town: there is none called so; declare [attributes.town] in"
        " newsletter.toml, or see whether it is spelt so",
        '13: statuses."yn fyw": there is no "active"; use one of: subscribed, pending, paused,'
        " unsubscribed, suppressed, skip",
        '15: languages."Ffrangeg": there is no "fr"; use one of: en, cy',
    ]


def test_columns_that_the_list_does_not_have_are_told_at_their_lines(folder: Folder) -> None:
    mapping = folder.mapping(
        'ignore = ["Nodyn"]\n[columns]\nemail = "E-bost"\n[attributes]\ncounty = "Sir"\n'
    )

    with pytest.raises(FaultyFile) as refused:
        list_reader("E-bosts,Nodiadau\n", mapping=mapping)

    assert [str(fault).rpartition("mapping.toml:")[2] for fault in refused.value.faults] == [
        '3: the list has no column "E-bost"; did you mean "E-bosts"?',
        '5: the list has no column "Sir"',
        '1: the list has no column "Nodyn"',
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [("email = x", "1: this is not TOML"), ("columns = 3", "1: columns: this is not a table")],
)
def test_what_is_no_mapping_is_told(folder: Folder, text: str, says: str) -> None:
    assert folder.faults(text)[0].startswith(says)


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match=r"none\.toml: cannot be read: No such file"):
        read_mapping(tmp_path / "none.toml", languages=["en"], attributes=())


VALUES = st.sampled_from(['"x"', "3", "[]", '["a"]', '"en"', '"subscribed"', "{}", "true", '""'])
LINES = st.builds(
    "{} = {}".format,
    st.sampled_from(
        ["email", "columns", "ignore", '"a b"', "dates", "a.b", "delimiter", "columns.x"]
    ),
    VALUES,
) | st.sampled_from(["[columns]", "[attributes]", "[statuses]", "[languages]", "[[x]]", "é", ""])


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_any_mapping_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = Folder(tmp_path_factory.mktemp("mapping"))

    try:
        mapping = folder.mapping(text)
    except NewsletterError as refused:
        told = refused.lines()
    else:
        told = [repr(mapping)]

    assert told
