"""Single rows as they were understood."""

from __future__ import annotations

from newsletter.app.list_files.listed_people import SkippedRow
from newsletter.app.list_files.preview import understood
from tests.list_rows import read_person


def test_a_person_is_told_with_all_that_the_row_says() -> None:
    person = read_person(
        "email,name,language,tags,since,basis\n"
        'Dai@example.org,Dai Jones,Cymraeg,"b,a",2024-03-01 09:05,consent\n'
    )

    assert understood(person) == (
        "line 2: Dai@example.org, subscribed since 2024-03-01 09:05 UTC,"
        ' name "Dai Jones", language "cy", tags "a, b", basis "consent"'
    )


def test_a_departure_is_told_with_what_shows_it() -> None:
    person = read_person("email,name,county,status\ndai@example.org,,,bounced\n")

    assert understood(person) == (
        "line 2: dai@example.org, suppressed, the list says that mail to it bounced"
    )


def test_a_row_that_is_passed_over_is_told_with_its_reason() -> None:
    assert understood(SkippedRow(3, "is disabled in listmonk")) == (
        "line 3: passed over, is disabled in listmonk"
    )
