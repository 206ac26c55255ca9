"""What is said of quiet hours, and to whom."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from newsletter.app.send_report import SendReport
from newsletter.app.workspace import Workspace
from newsletter.cli.quiet_lines import quiet_words, say_quiet_hours, say_waiting
from newsletter.domain.quiet_hours import QuietHours
from newsletter.settings.model import FileSettings

SUMMER_NIGHT = datetime(2026, 7, 1, 23, tzinfo=UTC)
SIX_UTC = datetime(2026, 7, 2, 6, tzinfo=UTC)
WAITING = SendReport(quiet=[("2026-07", SIX_UTC)])


def a_workspace(now: datetime) -> Workspace:
    settings = FileSettings.of_folder(
        Path("/srv/news"),
        site={"name": "Rivers", "base_url": "https://news.example.org", "languages": ["en"]},
        sender={"address": "news@example.org"},
        mail={"domain": "news.example.org", "bounce_address": "bounces@news.example.org"},
        dispatch={"quiet_hours": QuietHours(time(22), time(7))},
    )
    return Workspace(settings, create_engine("sqlite://"), lambda: now)


def somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def test_the_end_of_quiet_hours_is_told_by_the_clock_at_the_site() -> None:
    assert quiet_words(a_workspace(SUMMER_NIGHT), SIX_UTC) == "quiet until 07:00"


def test_a_person_is_told_what_waits_and_how_to_send_it_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody_reads(monkeypatch)

    say_waiting(a_workspace(SUMMER_NIGHT), WAITING, is_for_cron=True)

    told = "2026-07: quiet until 07:00; `newsletter send run 2026-07` sends it now\n"
    assert capsys.readouterr() == ("", told)


def test_a_person_who_sends_in_quiet_hours_is_told_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody_reads(monkeypatch)

    say_quiet_hours(a_workspace(SUMMER_NIGHT))

    assert "It is quiet until 07:00 (dispatch.quiet_hours)" in capsys.readouterr().err


def test_by_day_nothing_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody_reads(monkeypatch)

    say_quiet_hours(a_workspace(SIX_UTC))
    say_waiting(a_workspace(SIX_UTC), SendReport(), is_for_cron=True)

    assert capsys.readouterr() == ("", "")


def test_cron_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say_quiet_hours(a_workspace(SUMMER_NIGHT))
    say_waiting(a_workspace(SUMMER_NIGHT), WAITING, is_for_cron=True)

    assert capsys.readouterr() == ("", "")


def test_a_person_hears_off_a_terminal_too_that_a_relay_takes_nothing_now_and_cron_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    waiting = SendReport(waiting=[("2026-07", SIX_UTC)])

    say_waiting(a_workspace(SIX_UTC), waiting, is_for_cron=True)
    told_cron = capsys.readouterr().err
    say_waiting(a_workspace(SIX_UTC), waiting, is_for_cron=False)

    assert told_cron == ""
    assert "2026-07: the relay asked us to come later" in capsys.readouterr().err
