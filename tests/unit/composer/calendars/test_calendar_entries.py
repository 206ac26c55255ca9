"""Calendar entries, read back by the library that other programs read them with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from newsletter.composer.calendars.calendar_entries import CalendarEntry, write_calendar

ENTRY = CalendarEntry(
    identity="2026-10/3/events.1",
    summary="Noson agored; dŵr, “ie”",
    location="Neuadd y Dref\\Aber",
    starts=(date(2031, 7, 5), time(19, 0)),
    ends=(date(2031, 7, 5), time(21, 30)),
    zone="Europe/London",
)


def event_of(entry: CalendarEntry) -> Calendar:
    (event,) = Calendar.from_ical(write_calendar(entry).content).walk("VEVENT")
    return event


def test_an_event_keeps_its_words_and_its_instants() -> None:
    """RFC 5545: times in UTC need no zone to be described."""
    event = event_of(ENTRY)

    assert str(event["summary"]) == ENTRY.summary
    assert str(event["location"]) == ENTRY.location
    assert event.decoded("dtstart") == datetime(2031, 7, 5, 18, 0, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2031, 7, 5, 20, 30, tzinfo=UTC)


def test_an_event_without_times_lasts_whole_days() -> None:
    event = event_of(replace(ENTRY, starts=(date(2031, 7, 5), None), ends=(date(2031, 7, 6), None)))

    assert event.decoded("dtstart") == date(2031, 7, 5)
    assert event.decoded("dtend") == date(2031, 7, 7)


def test_an_event_whose_end_nobody_knows_has_none() -> None:
    assert "dtend" not in event_of(replace(ENTRY, ends=None))


def test_languages_share_an_entry_and_other_events_do_not() -> None:
    english = replace(ENTRY, summary="Open evening")

    assert event_of(english)["uid"] == event_of(ENTRY)["uid"]
    assert event_of(replace(ENTRY, identity="2026-10/3/events.2"))["uid"] != event_of(ENTRY)["uid"]


def test_the_file_is_named_by_its_content_and_made_the_same_again() -> None:
    first, again = write_calendar(ENTRY), write_calendar(ENTRY)

    assert first == again
    assert first.name.endswith(".ics")
    assert first.media_type == "text/calendar; charset=utf-8"
    assert write_calendar(replace(ENTRY, summary="x")).name != first.name


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_no_summary_breaks_the_file(summary: str) -> None:
    content = write_calendar(replace(ENTRY, summary=summary)).content

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.count(b"BEGIN:VEVENT") == 1 + summary.count("BEGIN:VEVENT")


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Kolkata"])
def test_times_are_those_of_the_zone(zone: str) -> None:
    start = event_of(replace(ENTRY, zone=zone)).decoded("dtstart")

    expected = {"Europe/London": 18, "America/New_York": 23, "Asia/Kolkata": 13}[zone]
    assert (start.hour, start.utcoffset()) == (expected, timedelta())
