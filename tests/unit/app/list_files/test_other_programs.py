"""The lists that Mailchimp and listmonk give out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsletter.app.list_files.listed_people import ListedPerson, SkippedRow
from newsletter.domain.errors import FaultyFile
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import SuppressionReason
from tests.list_rows import list_reader, read_list, read_person

SUBSCRIBED = (
    '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,'
    "CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,"
    "TAGS\n"
)
UNSUBSCRIBED = (
    '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,'
    "CONFIRM_IP,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,"
    "UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS\n"
)
CLEANED = (
    '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,'
    "CONFIRM_IP,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,"
    "LEID,EUID,NOTES,TAGS\n"
)


def a_subscriber(confirmed: str = "2024-03-01 09:05:00", signed_up: str = "") -> str:
    return (
        f"dai@example.org,Dai,Jones,2,{signed_up},192.0.2.1,{confirmed},,,,0,0,Europe/London,GB,W,"
        '"2024-04-01 00:00:00",44877845,c2cb0681af,,"""VIP"",""Speakers, paid"""\n'
    )


def an_unsubscribed(reason: str = "NORMAL", remark: str = "") -> str:
    return (
        'dai@example.org,Dai,Jones,2,"2024-03-01 09:00:00",192.0.2.1,,,0,0,,GB,W,'
        f'"2024-05-01 10:00:00","May bulletin",c0ffee,"{reason}","{remark}",1,2,,\n'
    )


def test_mailchimps_subscribed_people_come_with_the_moment_of_their_consent() -> None:
    """L1"""
    person = read_person(SUBSCRIBED + a_subscriber(signed_up="2024-03-01 09:00:00"))

    assert person.standing is Standing.SUBSCRIBED
    assert person.name == "Dai Jones"
    assert person.since == datetime(2024, 3, 1, 9, 5, tzinfo=UTC)
    assert person.ip == "192.0.2.1"
    assert person.attributes == {"tags": ["Speakers, paid", "VIP"]}


def test_where_they_never_confirmed_the_moment_of_signing_up_counts() -> None:
    person = read_person(SUBSCRIBED + a_subscriber("", signed_up="2024-03-01 09:00:00"))

    assert person.since == datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def test_who_never_signed_up_is_not_subscribed() -> None:
    (read,) = read_list(SUBSCRIBED + a_subscriber(confirmed=""))

    assert isinstance(read, SkippedRow)
    assert "they never did" in read.reason


def test_the_people_who_never_subscribed_are_passed_over() -> None:
    (read,) = read_list(SUBSCRIBED + a_subscriber(), name="nonsubscribed_members_export.csv")

    assert read == SkippedRow(2, "never subscribed in Mailchimp")


def test_mailchimps_unsubscribed_people_come_with_what_shows_it() -> None:
    person = read_person(UNSUBSCRIBED + an_unsubscribed("OTHER", "Too\nmany"))

    assert person.standing is Standing.UNSUBSCRIBED
    assert person.since == datetime(2024, 5, 1, 10, 0, tzinfo=UTC)
    assert person.evidence == (
        'unsubscribed in Mailchimp, campaign "May bulletin", reason "OTHER",'
        ' in their words "Too many"'
    )
    assert person.ip is None
    assert person.attributes == {"tags": None}


@pytest.mark.parametrize("reason", ["ABUSE", "They said it was spam", "abuse complaint"])
def test_who_called_it_spam_is_suppressed_for_the_complaint(reason: str) -> None:
    person = read_person(UNSUBSCRIBED + an_unsubscribed(reason))

    assert person.standing is Standing.SUPPRESSED
    assert person.suppression is SuppressionReason.COMPLAINT
    assert person.evidence.startswith('unsubscribed in Mailchimp as spam, campaign "May bulletin"')


def test_a_remark_about_spam_is_no_complaint() -> None:
    person = read_person(UNSUBSCRIBED + an_unsubscribed("OTHER", "it went into my spam folder"))

    assert person.standing is Standing.UNSUBSCRIBED


def test_mailchimps_cleaned_addresses_are_suppressed() -> None:
    person = read_person(
        CLEANED + "dai@example.org,,,1,,,,,0,0,,GB,W,2024-06-01 10:00:00,June bulletin,ab12,1,2,,\n"
    )

    assert person.standing is Standing.SUPPRESSED
    assert person.suppression is SuppressionReason.IMPORTED
    assert person.since == datetime(2024, 6, 1, 10, 0, tzinfo=UTC)
    assert person.evidence == 'cleaned in Mailchimp, campaign "June bulletin"'
    assert person.name == ""


@pytest.mark.parametrize(
    ("header", "name", "described"),
    [
        (SUBSCRIBED, "subscribed_members_export_1.csv", "subscribed people"),
        (UNSUBSCRIBED, "unsubscribed_members_export_1.csv", "unsubscribed people"),
        (UNSUBSCRIBED, "subscribed.csv", "unsubscribed people"),
        (CLEANED, "list.csv", "cleaned addresses"),
    ],
)
def test_the_columns_tell_which_of_mailchimps_exports_it_is(
    header: str, name: str, described: str
) -> None:
    reader, _ = list_reader(header, name=name)

    (note,) = reader.notes
    assert note.startswith(f"Read as Mailchimp's export of {described}")


def test_mailchimps_languages_are_read_by_either_name() -> None:
    for column in ("Language", "MC_LANGUAGE"):
        person = read_person(
            f"Email Address,{column},OPTIN_TIME,LEID\nd@example.org,cy,2024-01-01 00:00:00,1\n"
        )

        assert person.language == "cy"


def test_an_export_without_the_columns_of_consent_is_not_guessed_at() -> None:
    with pytest.raises(FaultyFile, match="has neither OPTIN_TIME nor CONFIRM_TIME"):
        list_reader("Email Address,MEMBER_RATING\n")


def test_a_file_named_for_the_unsubscribed_subscribes_nobody() -> None:
    with pytest.raises(FaultyFile, match="is named for people who are not to be mailed"):
        list_reader(SUBSCRIBED, name="unsubscribed_members_export_1.csv")


# listmonk

LISTMONK = "uuid,email,name,attributes,status,created_at,updated_at\n"
TIMES = "2023-05-01 10:11:12.123456+00,2023-06-01 10:11:12.123456+00"


def test_listmonks_subscribers_come_with_their_attributes() -> None:
    person = read_person(
        LISTMONK + '1,dai@example.org,Dai,"{""County"": ""Powys"", ""age"": 42, ""city"": ""Y""'
        f', ""tags"": [""b"", ""a""]}}",enabled,{TIMES}\n'
    )

    assert person.attributes == {"county": "Powys", "age": 42, "tags": ["a", "b"]}
    assert person.since == datetime(2023, 5, 1, 10, 11, 12, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("{broken", "its attributes are not JSON"),
        ("[" * 100_000, "its attributes are not JSON"),
        ("[1]", "its attributes are no JSON object"),
        ('{""age"": ""old""}', 'age: "old" is not a number'),
        ('{""county"": {""name"": ""Powys""}}', "county: it is more than one value"),
    ],
)
def test_attributes_that_cannot_be_read_reject_their_row(attributes: str, reason: str) -> None:
    assert read_list(LISTMONK + f'1,dai@example.org,Dai,"{attributes}",enabled,{TIMES}\n') == [
        reason
    ]


def test_listmonks_blocklist_is_suppressed_and_its_disabled_are_passed_over() -> None:
    blocked, disabled, unknown = read_list(
        LISTMONK
        + f"1,a@example.org,,{{}},blocklisted,{TIMES}\n2,b@example.org,,,disabled,{TIMES}\n"
        f"3,c@example.org,,,inactive,{TIMES}\n"
    )

    assert isinstance(blocked, ListedPerson)
    assert blocked.suppression is SuppressionReason.IMPORTED
    assert blocked.attributes == {"tags": None, "county": None, "age": None, "joined_on": None}
    assert disabled == SkippedRow(3, "is disabled in listmonk")
    assert unknown == 'the status "inactive" is none of: enabled, disabled, blocklisted'


def test_a_blocklisted_address_is_suppressed_though_its_attributes_be_broken() -> None:
    person = read_person(LISTMONK + f'1,a@example.org,,"{{broken",blocklisted,{TIMES}\n')

    assert person.standing is Standing.SUPPRESSED


def test_the_file_that_listmonk_imports_is_read_too() -> None:
    assert read_person("email,name,attributes\na@example.org,Ann,{}\n").name == "Ann"


def test_attributes_in_json_that_are_not_declared_are_named() -> None:
    reader, table = list_reader(LISTMONK + f'1,a@example.org,,"{{""city"": 1}}",enabled,{TIMES}\n')

    for row in table.rows:
        reader.read(row)

    assert reader.notes[-1] == (
        'These attributes were not read: "city". To keep one, declare it in newsletter.toml,'
        " like [attributes.city]."
    )
