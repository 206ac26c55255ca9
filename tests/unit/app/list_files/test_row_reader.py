"""What the rows of a plain list, and of our own export, say of their people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.list_files.listed_people import ListedPerson, Rejected, SkippedRow
from newsletter.app.list_files.tables import ListRow
from newsletter.domain.errors import BadInput, FaultyFile
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import Basis, MailFormat, SuppressionReason
from tests.list_rows import list_reader, read_list, read_person


def test_a_row_says_all_that_its_columns_hold() -> None:
    person = read_person(
        "email,name,language,format,basis,source,wording,since,ip,tags,county,age\n"
        'Dai@Example.org, Dai Jones ,cy,text,consent,The fair,"We write\nmonthly",2024-03-01,'
        '192.0.2.7,"fair,speakers",Powys,42\n'
    )

    assert person.line == 2
    assert person.address.typed == "Dai@Example.org"
    assert person.standing is Standing.SUBSCRIBED
    assert (person.name, person.language, person.format) == ("Dai Jones", "cy", MailFormat.TEXT)
    assert (person.basis, person.source) == (Basis.CONSENT, "The fair")
    assert person.wording == "We write\nmonthly"
    assert person.since == datetime(2024, 3, 1, tzinfo=UTC)
    assert person.ip == "192.0.2.7"
    assert person.attributes == {"tags": ["fair", "speakers"], "county": "Powys", "age": 42}
    assert (person.evidence, person.suppression) == ("", None)


def test_what_a_list_does_not_say_is_none() -> None:
    person = read_person("email,name,county\ndai@example.org,,\n")

    assert person[5:] == (None, None, None, None, None, None, {}, None, None, None, None)


def test_who_has_left_is_blanked_by_an_empty_cell() -> None:
    """So that the state does not depend on which of two lists came first."""
    person = read_person("email,name,county,status\ndai@example.org,,,unsubscribed\n")

    assert person.standing is Standing.UNSUBSCRIBED
    assert person.name == ""
    assert person.attributes == {"county": None}
    assert person.language is None


@pytest.mark.parametrize(
    "row", ["2199-01-01,fr,x", "yesterday,en,many", ",Klingon,\x00", "03/04/2024,en,"]
)
def test_a_departure_counts_whatever_stands_beside_it(row: str) -> None:
    reader, table = list_reader(
        f"email,name,status,since,language,age\ndai@example.org,D\x07ai,unsubscribed,{row}\n"
    )

    person = reader.read(next(table.rows))

    assert isinstance(person, ListedPerson)
    assert person.standing is Standing.UNSUBSCRIBED
    assert (person.since, person.name) == (None, "")
    assert any("left out that should hold name" in note for note in reader.notes)


def test_columns_may_stand_in_any_order_and_any_letters() -> None:
    person = read_person(
        " Language ,EMAIL ADDRESS,First Name,SURNAME\nCY,dai@example.org,Dai,Jones\n"
    )

    assert (person.language, person.name) == ("cy", "Dai Jones")


def test_a_half_of_a_name_is_a_name() -> None:
    assert read_person("email,first_name,last_name\nd@example.org,,Jones\n").name == "Jones"
    assert read_person("email,name,last_name\nd@example.org,Dai,Jones\n").name == "Dai"


@pytest.mark.parametrize("column", ["email", "E-mail", "e-bost", "Address", "EMAIL ADDRESS"])
def test_the_column_of_addresses_has_several_names(column: str) -> None:
    assert read_person(f"{column}\ndai@example.org\n").address.canonical == "dai@example.org"


def test_a_postal_address_is_no_second_place_to_look() -> None:
    assert read_list("address,email\n1 High Street,\n") == ["there is no email address"]


@pytest.mark.parametrize(
    ("word", "tag"),
    [
        ("cy", "cy"),
        ("CY", "cy"),
        ("Cymraeg", "cy"),
        ("welsh", "cy"),
        ("English", "en"),
        ("Saesneg", "en"),
    ],
)
def test_a_language_may_be_called_by_its_name(word: str, tag: str) -> None:
    assert read_person(f"email,language\nd@example.org,{word}\n").language == tag


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("not an address,,,,,", "is not an email address"),
        (",Nobody,,,,", "there is no email address"),
        ('"dai@example.org\r\nBcc: all@example.org",,,,,', "the address has a line break in it"),
        ("<dai@example.org>,,,,,", "there is a < before the @"),
        ('dai@example.org,"Dai\r\nBcc: all@example.org",,,,', "the name has a line break in it"),
        ("dai@example.org,Dai\x07,,,,", "the name has the control character"),
        ("dai@example.org,Dai\u2028,,,,", "the name has"),
        ('dai@example.org,"Dai\n",,,,', "the name has a line break in it"),
        (f"dai@example.org,{'D' * 201},,,,", "the name is longer than 200 characters"),
        ("dai@example.org,,fr,,,", 'the language "fr" is none of the site\'s: en, cy'),
        ("dai@example.org,,,letter,,", 'the format "letter" is neither html nor text'),
        ("dai@example.org,,,,liking,", 'the basis "liking" is none of: consent,'),
        ("dai@example.org,,,,,yesterday", '"yesterday" is not a date or time'),
        ("dai@example.org,,,,,2026-10-06", 'the time "2026-10-06" is still to come'),
        ("dai@example.org,,,,,03/04/2024", '"03/04/2024" may mean two days'),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: str, reason: str) -> None:
    """M12, M14, X11"""
    (read,) = read_list(f"email,name,language,format,basis,since\n{row}\n")

    assert isinstance(read, str)
    assert reason in read


def test_an_attribute_of_another_type_is_named_with_its_fault() -> None:
    (read,) = read_list("email,age\ndai@example.org,old\n")

    assert read == 'age: "old" is not a number'


def test_a_row_with_a_fault_is_rejected_for_it() -> None:
    reader, _ = list_reader("email\n")

    with pytest.raises(Rejected, match="has 3 cells"):
        reader.read(ListRow(7, ["dai@example.org"], "has 3 cells, the header has 1"))


def test_an_ip_address_that_is_none_is_left_out_and_counted() -> None:
    reader, table = list_reader("email,ip\na@example.org,unknown\nb@example.org,2001:DB8::1\n")

    read = [reader.read(row) for row in table.rows]

    assert [person.ip for person in read if isinstance(person, ListedPerson)] == [
        None,
        "2001:db8::1",
    ]
    assert "1 cell was left out that should hold ip and cannot be read so." in reader.notes


# Statuses


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("", Standing.SUBSCRIBED),
        ("Active", Standing.SUBSCRIBED),
        ("subscribed", Standing.SUBSCRIBED),
        ("paused", Standing.PAUSED),
        ("UNSUBSCRIBED", Standing.UNSUBSCRIBED),
        ("blocklisted", Standing.SUPPRESSED),
        ("bounced", Standing.SUPPRESSED),
    ],
)
def test_a_status_is_read_in_any_letters(status: str, standing: Standing) -> None:
    assert read_person(f"email,status\nd@example.org,{status}\n").standing is standing


def test_a_complaint_is_told_from_other_suppressions() -> None:
    person = read_person("email,status\nd@example.org,complained\n")

    assert person.suppression is SuppressionReason.COMPLAINT
    assert person.evidence == "the list says that its reader complained"


@pytest.mark.parametrize("status", ["inactive", "not active", "activ", "active?", "yes"])
def test_a_status_is_matched_whole(status: str) -> None:
    (read,) = read_list(f"email,status\nd@example.org,{status}\n")

    assert str(read).startswith(f'the status "{status}" is none of: subscribed, active,')


@pytest.mark.parametrize("status", ["pending", "unconfirmed"])
def test_who_never_confirmed_is_passed_over(status: str) -> None:
    (read,) = read_list(f"email,status\nd@example.org,{status}\n")

    assert read == SkippedRow(2, "the address was never confirmed")


# Our own export

EXPORT = "email,name,language,format,county,topic,status,basis,since,suppression\n"


def test_our_own_export_is_read_as_it_was_written() -> None:
    read = read_list(
        EXPORT
        + "a@example.org,A,en,html,Powys,bulletin,active,consent,2024-01-02T03:04:05+00:00,\n"
        "b@example.org,,cy,text,,bulletin,pending,consent,2024-01-02T03:04:05+00:00,\n"
        "c@example.org,,cy,text,,bulletin,paused,consent,2024-01-02T03:04:05+00:00,\n"
        "d@example.org,,cy,text,,bulletin,unsubscribed,consent,2024-01-02T03:04:05+00:00,\n"
        "e@example.org,,cy,text,,bulletin,active,consent,2024-01-02T03:04:05+00:00,hard-bounce\n"
        "f@example.org,,cy,text,,grants,active,consent,2024-01-02T03:04:05+00:00,\n"
        "g@example.org,,cy,text,,grants,active,consent,2024-01-02T03:04:05+00:00,complaint\n"
        "h@example.org,,cy,text,,,,,,\n"
        "i@example.org,,cy,text,,,,,,manual\n"
    )

    standings = [one.standing if isinstance(one, ListedPerson) else one for one in read]
    assert standings == [
        Standing.SUBSCRIBED,
        Standing.PENDING,
        Standing.PAUSED,
        Standing.UNSUBSCRIBED,
        Standing.SUPPRESSED,
        SkippedRow(7, 'is of the topic "grants"'),
        Standing.SUPPRESSED,
        SkippedRow(9, "has no subscription in the export"),
        Standing.SUPPRESSED,
    ]
    suppressed = read[4]
    assert isinstance(suppressed, ListedPerson)
    assert suppressed.suppression is SuppressionReason.HARD_BOUNCE


def test_a_plain_list_may_leave_the_topic_empty() -> None:
    read = read_list("email,topic\na@example.org,\nb@example.org,bulletin\nc@example.org,other\n")

    assert [isinstance(one, ListedPerson) for one in read] == [True, True, False]


# Headers


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("dai@example.org,Dai", "list.csv:1: the first line is a row and not a header; put a"),
        ("email,name,Email", "list.csv:1: the column email is there 2 times; call one of them"),
        ("mail,name", 'list.csv:1: no column is called email; .*; did you mean "mail"?'),
        ("name,club", "no column is called email; there are name, club; call the column"),
        ("email,county,County", "the column county is there 2 times"),
    ],
)
def test_a_header_that_does_not_fit_is_told_with_its_cure(header: str, says: str) -> None:
    with pytest.raises(FaultyFile, match=says):
        list_reader(f"{header}\n")


def test_a_column_that_nobody_reads_may_be_there_twice() -> None:
    assert read_person("email,note,note\nd@example.org,1,2\n").address.canonical == "d@example.org"


def test_a_preset_that_there_is_not_is_told() -> None:
    with pytest.raises(BadInput, match="Did you mean mailchimp"):
        list_reader("email\n", preset="mailchimps")


def test_the_notes_say_which_column_went_where_and_what_was_not_read() -> None:
    reader, _ = list_reader("E-mail,First name,Last name,Shoe size,Tags,row,reason\n")

    read_as, unread = reader.notes

    assert read_as == (
        'Read as a plain list: email from "E-mail"; first_name from "First name";'
        ' last_name from "Last name"; tags from "Tags".'
    )
    assert unread == (
        'These columns were not read: "Shoe size". To keep one, declare it in newsletter.toml,'
        " like [attributes.shoe_size]."
    )


def test_an_attribute_may_be_written_with_spaces_in_the_header() -> None:
    assert read_person("email,Joined on\nd@example.org,2024-02-03\n").attributes == {
        "joined_on": "2024-02-03"
    }


CELL = st.text(max_size=12) | st.sampled_from(
    ["dai@example.org", "active", "unsubscribed", "cy", "2024-01-01", "hard-bounce", "bulletin"]
)


@given(st.lists(CELL, min_size=10, max_size=10))
def test_any_cells_are_a_person_or_a_row_with_a_reason(cells: list[str]) -> None:
    reader, _ = list_reader(EXPORT)

    try:
        read = reader.read(ListRow(2, cells))
    except Rejected as why:
        read = SkippedRow(2, str(why))

    assert isinstance(read, ListedPerson) or read.reason
    assert all(isinstance(note, str) for note in reader.notes)


def test_a_cleaned_address_tells_when_its_person_had_subscribed() -> None:
    """So that the subscription is as old whether the subscribed list comes first or not."""
    person = read_person(
        "Email Address,CONFIRM_TIME,CLEAN_TIME\n"
        "dai@example.org,2024-01-02 10:12:12,2025-03-02 10:11:12\n"
    )

    assert (person.standing, person.beside) == (Standing.SUPPRESSED, Standing.SUBSCRIBED)
    assert person.joined == datetime(2024, 1, 2, 10, 12, 12, tzinfo=UTC)
    assert person.since == datetime(2025, 3, 2, 10, 11, 12, tzinfo=UTC)


def test_who_left_with_a_complaint_is_suppressed_and_has_left() -> None:
    """Lifting the suppression brings them back to nothing (B6)."""
    person = read_person(
        "Email Address,UNSUB_TIME,UNSUB_REASON\ndai@example.org,2025-01-02 10:11:12,ABUSE\n"
    )

    assert (person.standing, person.beside) == (Standing.SUPPRESSED, Standing.UNSUBSCRIBED)


def test_our_own_list_tells_of_subscription_and_suppression_apart() -> None:
    header = "email,name,language,format,tags,topic,status,basis,since,suppression\n"

    def beside(topic: str, status: str) -> Standing | None:
        row = f"dai@example.org,Dai,cy,html,,{topic},{status},consent,2024-01-02,hard-bounce\n"
        return read_person(header + row).beside

    assert beside("bulletin", "unsubscribed") is Standing.UNSUBSCRIBED
    assert beside("bulletin", "paused") is Standing.PAUSED
    assert beside("grants", "active") is None
