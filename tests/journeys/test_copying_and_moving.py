"""An administrator who copies, moves and restores workspaces: nobody gets anything twice by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.prepared_bulletin import PEOPLE, SLUG, make_bulletin
from tests.terminal import Answer, Terminal


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose first edition is scheduled for now, for three people."""
    folder = tmp_path_factory.mktemp("prepared") / "bulletin"
    return make_bulletin(folder, ["edition", "schedule", SLUG, "--at", "now"])


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the relay puts its mail."""
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", f"maildir:{tmp_path / 'relay'}")
    return tmp_path / "relay" / "new"


@pytest.fixture
def copy(prepared: Path, tmp_path: Path, mail: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that workspace, and the current folder."""
    folder = shutil.copytree(prepared, tmp_path / "copy")
    monkeypatch.chdir(folder)
    return folder


def sent(mail: Path) -> int:
    return len(list(mail.iterdir())) if mail.exists() else 0


@pytest.mark.parametrize(
    "line",
    [
        ("test", SLUG, "--to", "mared@example.org"),
        ("run", SLUG, "--yes"),
        ("due",),
        ("retry", SLUG),
        ("resume", SLUG),
        ("reset", SLUG),
        ("unknown", SLUG, "--mark-accepted", "1"),
        ("unknown", SLUG, "--resend", "1"),
    ],
    ids=lambda line: " ".join(line),
)
def test_what_sends_or_decides_about_sending_answers_3_on_a_copy(
    line: tuple[str, ...], newsletter: Terminal, copy: Path, mail: Path
) -> None:
    answer = newsletter("send", *line)

    first, cure = answer.err.splitlines()
    assert answer.code == 3
    assert first.startswith(
        f"{copy / 'data' / 'newsletter.db'}: this database is a copy, was moved"
    )
    assert "newsletter db adopt" in cure
    assert sent(mail) == 0


@pytest.mark.parametrize(
    "line",
    [
        ("send", "status", SLUG),
        ("send", "failures", SLUG),
        ("send", "unknown", SLUG),
        ("edition", "list"),
        ("edition", "unschedule", SLUG),
        ("send", "cancel", SLUG, "--yes"),
        ("subscribers", "list"),
        ("db", "check"),
    ],
    ids=lambda line: " ".join(line),
)
def test_what_looks_or_stops_works_on_a_copy(
    line: tuple[str, ...], newsletter: Terminal, copy: Path
) -> None:
    assert newsletter(*line).code == 0


def test_a_check_of_the_database_says_which_copy_it_is(
    newsletter: Terminal, copy: Path, prepared: Path
) -> None:
    of_original = ("--config", prepared / "newsletter.toml")

    original = newsletter("db", "check", *of_original)
    in_json = newsletter("db", "check", "--json", *of_original)
    copied = newsletter("db", "check")
    copied_in_json = newsletter("db", "check", "--json")

    assert "It is the one that sends." in original.out
    assert (in_json.json["state"], in_json.json["live"]) == ("current", True)
    assert f"the live one is {prepared / 'data' / 'newsletter.db'} (device" in copied.out
    assert "newsletter db adopt" in copied.out
    assert copied_in_json.json["live"] is False


def test_an_adopted_copy_waits_for_a_person_and_then_sends(
    newsletter: Terminal, copy: Path, mail: Path
) -> None:
    adopted = newsletter("db", "adopt", "--by", "Mared")
    waiting = newsletter("send", "due")
    status = newsletter("send", "status", SLUG, "--json")
    nothing_yet = sent(mail)
    resumed = newsletter("send", "resume", SLUG)
    due = newsletter("send", "due")

    assert adopted.code == 0
    assert f"{SLUG}: held; it was scheduled, and may have been sent since" in adopted.out
    assert f"`newsletter send cancel {SLUG}`" in adopted.out
    assert (waiting, nothing_yet) == (Answer(0, "", ""), 0)
    assert (status.json["state"], status.json["reason"]) == ("held", "adopted")
    assert (resumed.code, due.code, sent(mail)) == (0, 0, len(PEOPLE))


def test_an_approved_edition_of_which_only_a_person_knows_whether_it_has_gone_is_named(
    newsletter: Terminal, copy: Path
) -> None:
    newsletter("edition", "unschedule", SLUG)

    adopted = newsletter("db", "adopt")

    assert f"{SLUG}: approved, and may have been sent since by the other copy." in adopted.out
    assert f"`newsletter send cancel {SLUG}`" in adopted.out


def test_adopting_answers_in_json_and_a_second_time_changes_nothing(
    newsletter: Terminal, copy: Path
) -> None:
    first = newsletter("db", "adopt", "--json")
    newsletter("send", "resume", SLUG)
    again = newsletter("db", "adopt", "--json")
    in_words = newsletter("db", "adopt")

    held = {"edition": SLUG, "reason": "adopted", "was": "scheduled"}
    numbers = {"pending": 0, "made_unknown": 0}
    assert first.json == {"was_live": False, "held": [held | numbers], "approved": []}
    assert (again.code, again.json) == (0, {"was_live": True, "held": [], "approved": []})
    assert (in_words.code, in_words.out) == (
        0,
        "This database is the one that sends already; nothing was changed.\n",
    )
    assert newsletter("send", "status", SLUG, "--json").json["state"] == "scheduled"


def test_a_moved_workspace_is_adopted_and_goes_on(
    newsletter: Terminal, copy: Path, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsletter("db", "adopt")
    monkeypatch.chdir(copy.rename(copy.with_name("moved")))

    moved = newsletter("send", "run", SLUG, "--yes")
    adopted = newsletter("db", "adopt")
    newsletter("send", "resume", SLUG)
    run = newsletter("send", "run", SLUG, "--yes")

    assert (moved.code, adopted.code, run.code) == (3, 0, 0)
    assert sent(mail) == len(PEOPLE)


def test_a_backup_from_before_a_run_that_is_put_back_sends_nothing(
    newsletter: Terminal, copy: Path, mail: Path
) -> None:
    """The listmonk way to send a campaign twice (S11)."""
    newsletter("db", "adopt")
    newsletter("send", "resume", SLUG)
    file = copy / "data" / "newsletter.db"
    backup = shutil.copyfile(file, copy / "backup.db")
    newsletter("send", "due")

    shutil.copyfile(backup, file)
    due = newsletter("send", "due")
    adopted = newsletter("db", "adopt")

    assert due.code == 3
    assert "comes from a backup" in due.err
    assert f"{SLUG}: held" in adopted.out
    assert sent(mail) == len(PEOPLE)


def test_an_upgrade_makes_no_copy_a_live_one(newsletter: Terminal, copy: Path) -> None:
    upgraded = newsletter("db", "upgrade")

    assert upgraded.code == 0
    assert newsletter("send", "due").code == 3
