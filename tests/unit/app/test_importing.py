"""Bringing a list in from a file."""

from __future__ import annotations

import csv
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select

from newsletter.app.importing import ImportOrder, ImportResult, import_subscribers
from newsletter.audience import leaving, subscribers, suppressions, topics
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.errors import BadInput, FaultyFile, SurroundingsFailed
from newsletter.domain.people import Basis, Subscriber, SuppressionReason, Topic
from newsletter.storage.engine import open_engine, reading, writing
from newsletter.storage.schema import audit, consents, imports
from newsletter.storage.schema import subscribers as subscribers_table
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


class ListFolder:
    """A folder with a list in it, a database with the topic `bulletin`, and the command's door."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.file = folder / "list.csv"
        self.rejects = folder / "imports"
        self.engine = engine
        with writing(engine) as connection:
            self.topic: Topic = topics.add_topic(
                connection,
                "bulletin",
                names={"en": "Bulletin"},
                private=False,
                actor="mair",
                now=NOW,
            )

    def bring_in(
        self, content: str | bytes, *, dry_run: bool = False, topic: str = "bulletin"
    ) -> ImportResult:
        data = content.encode() if isinstance(content, str) else content
        self.file.write_bytes(data)
        order = ImportOrder(
            self.file,
            topic,
            Basis.PUBLIC_TASK,
            "mair",
            source="the 2025 survey",
            wording="We write monthly",
            dry_run=dry_run,
        )
        return import_subscribers(
            self.engine, order, languages=("en", "cy"), reject_folder=self.rejects, now=NOW
        )

    def person(self, address: str) -> Subscriber:
        with reading(self.engine) as connection:
            return subscribers.subscriber(connection, address)

    def addresses(self) -> list[str]:
        with reading(self.engine) as connection:
            return [one.address for one in subscribers.all_subscribers(connection)]

    def leave(self, address: str) -> None:
        with writing(self.engine) as connection:
            somebody = subscribers.subscriber(connection, address)
            leaving.leave_all(connection, somebody.id, source="page", actor="reader", at=NOW)

    def suppress(self, address: str) -> None:
        with writing(self.engine) as connection:
            suppressions.suppress(
                connection,
                NewSuppression(parse_target(address), SuppressionReason.COMPLAINT),
                some_seals(),
                actor="mair",
                at=NOW,
            )

    def rejected(self) -> list[list[str]]:
        with (self.rejects / "list.rejected.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream, strict=True))


@pytest.fixture
def folder(tmp_path: Path, migrated_engine: Engine) -> ListFolder:
    return ListFolder(tmp_path, migrated_engine)


def numbers(result: ImportResult) -> dict[str, int]:
    whole = result.as_json()
    return {key: whole[key] for key in whole if key not in ("import_id", "reject_file")}


# What comes in


def test_people_come_in_with_name_and_language(folder: ListFolder) -> None:
    result = folder.bring_in(
        'email,name,language\r\ndai@example.org,Dai,cy\r\nann@example.org,"Ann, Dr",en\r\n'
    )

    assert (folder.person("dai@example.org").name, folder.person("dai@example.org").language) == (
        "Dai",
        "cy",
    )
    assert folder.person("ann@example.org").name == "Ann, Dr"
    assert numbers(result) == {
        "read": 2,
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 0,
    }


def test_every_person_gets_a_consent_record_of_their_own(folder: ListFolder) -> None:
    """L1, L2"""
    folder.bring_in("email\ndai@example.org\nann@example.org\n")

    with reading(folder.engine) as connection:
        rows = connection.execute(select(consents)).all()
    assert len({row.subscriber_id for row in rows}) == 2
    for row in rows:
        assert (row.basis, row.source, row.wording, row.actor, row.at) == (
            Basis.PUBLIC_TASK,
            "the 2025 survey",
            "We write monthly",
            "mair",
            NOW,
        )


def test_columns_may_stand_in_any_order_and_any_letters(folder: ListFolder) -> None:
    folder.bring_in(" Language ,EMAIL,Name\nCY,dai@example.org, Dai \n")

    dai = folder.person("dai@example.org")
    assert (dai.name, dai.language) == ("Dai", "cy")


def test_a_byte_order_mark_is_no_part_of_the_first_column(folder: ListFolder) -> None:
    assert folder.bring_in("\ufeffemail\ndai@example.org\n").added == 1


def test_columns_that_are_not_read_are_named_in_a_note(folder: ListFolder) -> None:
    result = folder.bring_in("email,Telephone,Shoe size\ndai@example.org,1,42\n")

    (note,) = result.notes
    assert '"Telephone"' in note
    assert '"Shoe size"' in note


def test_blank_lines_are_no_rows(folder: ListFolder) -> None:
    result = folder.bring_in("\nemail,name\n\ndai@example.org,Dai\n,\n\n")

    assert (result.read, result.added) == (1, 1)


def test_a_missing_language_is_the_sites_first(folder: ListFolder) -> None:
    folder.bring_in("email,language\ndai@example.org,\n")

    assert folder.person("dai@example.org").language == "en"


def test_a_second_import_of_the_same_file_changes_nothing(folder: ListFolder) -> None:
    text = "email,name,language\ndai@example.org,Dai,cy\nann@example.org,,\n"
    folder.bring_in(text)

    again = folder.bring_in(text)

    assert (again.unchanged, again.read) == (2, 2)


def test_known_people_are_updated_where_the_file_says_something_else(folder: ListFolder) -> None:
    folder.bring_in("email,name,language\ndai@example.org,Dai,cy\nann@example.org,Ann,cy\n")

    result = folder.bring_in("email,name,language\ndai@example.org,Dafydd,\nann@example.org,,\n")

    assert (result.updated, result.unchanged) == (1, 1)
    assert folder.person("dai@example.org").name == "Dafydd"
    assert folder.person("dai@example.org").language == "cy"


# Who does not come in


def test_people_who_left_or_are_suppressed_are_skipped(folder: ListFolder) -> None:
    """B6, X11"""
    text = "email,name\nleft@example.org,New name\nLOUD@example.org,\nnew@example.org,\n"
    folder.bring_in("email\nleft@example.org\n")
    folder.leave("left@example.org")
    folder.suppress("loud@example.org")

    result = folder.bring_in(text)

    assert (result.added, result.skipped, result.read) == (1, 2, 3)
    assert folder.addresses() == ["left@example.org", "new@example.org"]
    assert folder.person("left@example.org").name == ""


def test_a_person_who_stands_there_twice_is_taken_once(folder: ListFolder) -> None:
    result = folder.bring_in("email,name\ndai@example.org,First\nDAI@example.org,Second\n")

    assert (result.added, result.skipped) == (1, 1)
    assert folder.person("dai@example.org").name == "First"


def test_a_repeat_far_down_the_file_is_found(folder: ListFolder) -> None:
    rows = [f"reader{number}@example.org" for number in range(600)]

    result = folder.bring_in("\n".join(["email", *rows, rows[0]]) + "\n")

    assert (result.added, result.skipped) == (600, 1)


def test_an_exported_list_brings_in_only_the_active_of_its_topic(folder: ListFolder) -> None:
    result = folder.bring_in(
        "email,name,language,topic,status\n"
        "dai@example.org,,en,bulletin,active\n"
        "left@example.org,,en,bulletin,unsubscribed\n"
        "grants@example.org,,en,grants,active\n"
        "nowhere@example.org,,en,,\n"
    )

    assert (result.added, result.skipped) == (2, 2)
    assert folder.addresses() == ["dai@example.org", "nowhere@example.org"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("not an address,,", ""),
        (",Nobody,", "there is no email address"),
        ('"dai@example.org\r\nBcc: all@example.org",,', ""),
        ('dai@example.org,"Dai\r\nBcc: all@example.org",', "name"),
        ("dai@example.org,Dai\x07,", "name"),
        ("dai@example.org,Dai\u2028,", "name"),
        ('dai@example.org,"Dai\n",', "name"),
        (f"dai@example.org,{'D' * 201},", "longer than 200"),
        ("dai@example.org,Dai,fr", 'the language "fr" is none of the site\'s: en, cy'),
        ("dai@example.org,Dai", "has 2 cells, the header has 3"),
        ("dai@example.org,Dai,cy,more", "has 4 cells, the header has 3"),
        ('dai@example.org,"Dai" the Post,cy', "a quotation mark inside a cell"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_its_line_and_reason(
    folder: ListFolder, row: str, reason: str
) -> None:
    """X11, M12, M14"""
    result = folder.bring_in(
        f"email,name,language\nfine@example.org,,\n{row}\nlast@example.org,,\n"
    )

    header, rejected = folder.rejected()
    assert (result.added, result.rejected, result.read) == (2, 1, 3)
    assert header == ["row", "reason", "email", "name", "language"]
    assert rejected[0] == "3"
    assert rejected[1]
    assert reason in rejected[1]
    assert result.rejections[0].line == 3
    assert folder.addresses() == ["fine@example.org", "last@example.org"]


def test_a_rejected_row_keeps_its_cells_so_that_it_can_be_mended(folder: ListFolder) -> None:
    result = folder.bring_in('email,name,club\ndai@,"Dai, Post",chess\n')

    assert folder.rejected()[1][2:] == ["dai@", "Dai, Post", "chess"]
    assert result.reject_file == folder.rejects / "list.rejected.csv"
    assert result.as_json()["reject_file"] == str(result.reject_file)


def test_a_rejected_cell_is_no_formula(folder: ListFolder) -> None:
    """X10"""
    folder.bring_in("email,name\nbroken,=1+1\n@broken,x\n")

    assert [row[2:] for row in folder.rejected()[1:]] == [["broken", "'=1+1"], ["'@broken", "x"]]


def test_the_line_of_a_row_counts_the_lines_inside_cells(folder: ListFolder) -> None:
    result = folder.bring_in('email,home\ndai@example.org,"High St\nBangor"\nbroken,\n')

    assert [one.line for one in result.rejections] == [4]


def test_a_mended_reject_file_can_be_imported(folder: ListFolder) -> None:
    folder.bring_in("email,name\ndai@,=Dai\n")
    mended = (folder.rejects / "list.rejected.csv").read_text(encoding="utf-8")

    result = folder.bring_in(mended.replace("dai@", "dai@example.org"))

    assert result.added == 1
    assert folder.person("dai@example.org").name == "=Dai"


def test_the_reject_file_is_for_its_owner_alone(folder: ListFolder) -> None:
    """X13"""
    folder.rejects.mkdir()
    (folder.rejects / "list.rejected.csv").write_text("an earlier one", encoding="utf-8")

    result = folder.bring_in("email\nbroken\n")

    assert result.reject_file is not None
    assert stat.S_IMODE(result.reject_file.stat().st_mode) == 0o600


def test_without_rejected_rows_there_is_no_reject_file(folder: ListFolder) -> None:
    result = folder.bring_in("email\ndai@example.org\n")

    assert result.as_json()["reject_file"] is None
    assert not folder.rejects.exists()


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("email\nbroken\n", False),
        ("email\n", False),
        ("email\nbroken\ndai@example.org\n", True),
        ("email\nleft@example.org\n", True),
    ],
)
def test_an_import_is_usable_when_a_single_row_made_sense(
    folder: ListFolder, text: str, usable: bool
) -> None:
    folder.bring_in("email\nleft@example.org\n")
    folder.leave("left@example.org")

    assert folder.bring_in(text).usable is usable


# The record


def test_an_import_is_recorded_with_its_numbers(folder: ListFolder) -> None:
    """X15"""
    result = folder.bring_in("email\ndai@example.org\nbroken\n")

    with reading(folder.engine) as connection:
        row = connection.execute(select(imports)).one()
        line = connection.execute(select(audit).where(audit.c.action == "subscribers import")).one()
    assert row.id == result.import_id
    assert (row.file, row.actor, row.added, row.rejected) == (str(folder.file), "mair", 1, 1)
    assert (line.subject, line.actor) == ("bulletin", "mair")
    assert "1 added" in line.detail


def test_a_source_that_is_not_given_is_the_files_name(folder: ListFolder) -> None:
    folder.file.write_text("email\ndai@example.org\n", encoding="utf-8")
    order = ImportOrder(folder.file, "bulletin", Basis.CONSENT, "mair")

    import_subscribers(
        folder.engine, order, languages=["cy"], reject_folder=folder.rejects, now=NOW
    )

    with reading(folder.engine) as connection:
        assert connection.execute(select(consents.c.source)).scalar() == "import of list.csv"
    assert folder.person("dai@example.org").language == "cy"


def test_a_rehearsal_counts_the_same_and_changes_nothing(folder: ListFolder) -> None:
    """X11"""
    text = "email,language\ndai@example.org,cy\nbroken,\ndai@example.org,en\n"

    rehearsed = folder.bring_in(text, dry_run=True)
    after_rehearsal = folder.addresses()
    done = folder.bring_in(text)

    assert numbers(rehearsed) == numbers(done)
    assert rehearsed.rejections == done.rejections
    assert rehearsed.as_json()["import_id"] is None
    assert rehearsed.as_json()["reject_file"] is None
    assert after_rehearsal == []


def test_a_rehearsal_leaves_no_file(folder: ListFolder) -> None:
    folder.bring_in("email\nbroken\n", dry_run=True)

    assert not folder.rejects.exists()


# Files that cannot be used at all


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        (b"", "list.csv: ", "is empty"),
        (b"\n\n", "list.csv: ", "is empty"),
        (b"dai@example.org\nann@example.org\n", "list.csv:1: ", "names the columns"),
        (b"e-mail,name\ndai@example.org,Dai\n", "list.csv:1: ", 'did you mean "e-mail"?'),
        (b"Email Address,name\ndai@example.org,Dai\n", "list.csv:1: ", 'mean "Email Address"?'),
        (b"name,club\nDai,chess\n", "list.csv:1: ", "call the column with the addresses email"),
        (b"email;name\ndai@example.org;Dai\n", "list.csv:1: ", "not parted by commas"),
        (b"email,name,Email\n", "list.csv:1: ", "the column email is there 2 times"),
        ("email,name\nd@example.org,Siân\n".encode("cp1252"), "list.csv:2: ", "0xe2"),
        ("email\ndai@example.org\n".encode("utf-16"), "list.csv:1: ", "CSV UTF-8"),
        (b"email\ndai@example.org\0\n", "list.csv:2: ", "NUL"),
        (b'email,name\ndai@example.org,"Dai\nann@example.org,Ann\n', "list.csv:2: ", "not closed"),
        (b"email\rdai@example.org\r", "list.csv:1: ", "bare carriage return"),
        (b"email,name\n" + b"x" * 70_000, "list.csv:2: ", "longer than 64 KB"),
        (b'email,name\nx,"' + b"x\n" * 70_000 + b'"\n', "list.csv:2: ", "not closed"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole_with_place_and_cure(
    folder: ListFolder, content: bytes, place: str, says: str
) -> None:
    with pytest.raises(FaultyFile) as caught:
        folder.bring_in(content)

    assert place in str(caught.value)
    assert says in str(caught.value)


def test_a_fault_at_the_end_of_a_file_undoes_what_came_before_it(folder: ListFolder) -> None:
    """X11"""
    rows = [f"reader{number}@example.org" for number in range(600)]
    content = "\n".join(["email", *rows]).encode() + b"\n\xff@example.org\n"

    with pytest.raises(FaultyFile, match="602"):
        folder.bring_in(content)

    with reading(folder.engine) as connection:
        assert connection.execute(select(func.count()).select_from(subscribers_table)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(imports)).scalar() == 0


def test_a_file_that_is_not_there_is_bad_input(folder: ListFolder) -> None:
    order = ImportOrder(folder.file, "bulletin", Basis.CONSENT, "mair")

    with pytest.raises(BadInput, match=r"cannot read .*list\.csv"):
        import_subscribers(
            folder.engine, order, languages=["en"], reject_folder=folder.rejects, now=NOW
        )


def test_a_disk_that_fails_while_the_list_is_read_is_told_of_the_list(folder: ListFolder) -> None:
    # Reading this process's memory from address 0 fails with an I/O error.
    order = ImportOrder(Path("/proc/self/mem"), "bulletin", Basis.CONSENT, "mair")

    with pytest.raises(SurroundingsFailed, match="the list cannot be read to its end") as told:
        import_subscribers(
            folder.engine, order, languages=["en"], reject_folder=folder.rejects, now=NOW
        )

    assert told.value.where == "/proc/self/mem"


def test_an_unknown_topic_is_bad_input(folder: ListFolder) -> None:
    with pytest.raises(BadInput, match="no topic grants"):
        folder.bring_in("email\ndai@example.org\n", topic="grants")


# Anything at all


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["", "cy", "fr"])), max_size=8))
def test_every_row_of_a_file_is_counted_exactly_once(
    folder: ListFolder, rows: list[tuple[str, str, str]]
) -> None:
    with folder.file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["email", "name", "language"])
        writer.writerows([f"{local}@example.org", name, tag] for local, name, tag in rows)

    result = folder.bring_in(folder.file.read_bytes(), dry_run=True)

    assert result.read == len(rows)


def test_an_import_asks_the_database_a_few_times_for_every_five_hundred_people(
    folder: ListFolder,
) -> None:
    rows = [f"reader{number}@example.org,Reader {number},cy" for number in range(2_000)]
    statements: list[str] = []
    event.listen(
        folder.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: statements.append(statement),
    )

    result = folder.bring_in("\n".join(["email,name,language", *rows]))

    assert result.added == 2_000
    assert len(statements) < 50


def test_others_may_write_while_a_list_is_being_read(folder: ListFolder) -> None:
    """T7: nobody's unsubscribing waits for the reading of a long list."""
    os.mkfifo(folder.file)
    row = f"reader%d@example.org,{'x' * 4_000}\n"

    def write_list_and_meanwhile_suppress() -> None:
        beside = open_engine(str(folder.engine.url), busy_timeout=0.05)
        with folder.file.open("w", encoding="utf-8") as out:
            # More than a pipe holds: what comes after finds rows that have been read already.
            out.write("email,note\n" + "".join(row % number for number in range(50)))
            out.flush()
            with writing(beside) as connection:
                suppressions.suppress(
                    connection,
                    NewSuppression(parse_target("reader49@example.org"), SuppressionReason.REQUEST),
                    some_seals(),
                    actor="mair",
                    at=NOW,
                )
            out.write(row % 50)
        beside.dispose()

    order = ImportOrder(folder.file, "bulletin", Basis.CONSENT, "mair")
    with ThreadPoolExecutor(1) as threads:
        meanwhile = threads.submit(write_list_and_meanwhile_suppress)
        result = import_subscribers(
            folder.engine, order, languages=["en"], reject_folder=folder.rejects, now=NOW
        )

    meanwhile.result()
    assert (result.added, result.skipped) == (50, 1)
