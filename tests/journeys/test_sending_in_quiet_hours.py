"""`newsletter send` in quiet hours, as cron and as a person meet it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.terminal import Terminal

EDITION = "editions/first-edition/edition.yaml"
SLUG = "first-edition"


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> str:
    """The time of day at the site at which quiet hours are over that are on now."""
    now = datetime.now(UTC).astimezone(ZoneInfo("Europe/London"))
    begins, ends = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (-2, 2))
    monkeypatch.setenv("NEWSLETTER_DISPATCH__QUIET_HOURS", f"{begins}-{ends}")
    return ends


@pytest.mark.usefixtures("workspace")
def test_cron_hears_nothing_and_status_says_until_when_it_is_quiet(
    newsletter: Terminal, over: str
) -> None:
    newsletter(
        "subscribers", "add", "tom@example.org", "--topic", "monthly-bulletin",
        "--language", "en", "--basis", "consent",
    )  # fmt: skip
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", SLUG)
    assert newsletter("edition", "schedule", SLUG, "--at", "now").code == 0

    due = newsletter("send", "due")
    told = newsletter("send", "due", "--json").json
    status = newsletter("send", "status", SLUG)

    assert (due.code, due.out, due.err) == (0, "", "")
    assert told["started"] == []
    assert [one["edition"] for one in told["quiet"]] == [SLUG]
    assert status.out.startswith(f"{SLUG}: scheduled, quiet until {over}\n")
