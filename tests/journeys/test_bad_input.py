"""Bad input: a plain error with the place and the cure, the right exit code, nothing half done."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsletter.cli.command import system_user
from newsletter.storage.engine import open_engine
from tests.terminal import Terminal

EDITION = Path("editions/first-edition/edition.yaml")


def _edit(old: str, new: str) -> None:
    text = EDITION.read_text(encoding="utf-8")
    assert old in text
    EDITION.write_text(text.replace(old, new, 1), encoding="utf-8")


def _line_of(words: str) -> int:
    lines = EDITION.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("subject:", "subject: [", ""),
        ("  - kind: letter", "  - kind: leter", "letter"),
        ("    heading:", "    headin:", "heading"),
        ('edition: "first-edition"', "edition: 2026", "quotes"),
        ('  en: "Our first bulletin"', "  en: {name|friend}", "quotes"),
    ],
    ids=["broken YAML", "unknown kind", "unknown key", "number for a slug", "unquoted brace"],
)
def test_what_cannot_be_read_is_2_with_file_line_and_suggestion(
    newsletter: Terminal, old: str, new: str, words: str
) -> None:
    _edit(old, new)
    line = _line_of(new.strip())

    for command in (("compose",), ("check",), ("edition", "import")):
        answer = newsletter(*command, EDITION)

        assert answer.code == 2
        assert f"{EDITION}:{line}" in answer.err or "broken" in answer.err, answer.err
        assert words in answer.err
        assert "Traceback" not in answer.err
        assert answer.out == ""
    assert newsletter("edition", "list", "--json").json == []


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('  cy: "Ein bwletin cyntaf"\n', "", "translation-missing"),
        ('  en: "Our first bulletin"', '  en: " "', "subject-empty"),
        ("images/lighthouse.png", "images/gone.png", "image-missing"),
        ('  en: "Our first bulletin"', '  en: "Hello {nmae|friend}"', "merge-unknown"),
    ],
)
def test_what_must_not_be_sent_is_a_finding_and_1(
    newsletter: Terminal, old: str, new: str, rule: str
) -> None:
    _edit(old, new)

    answer = newsletter("compose", EDITION, "--json")

    assert answer.code == 1
    findings = [one for one in answer.json["findings"] if one["rule"] == rule]
    assert findings
    assert set(findings[0]) == {
        "rule", "level", "language", "section", "field", "file", "line", "message", "fix",
    }  # fmt: skip
    assert findings[0]["level"] == "must"
    assert newsletter("edition", "import", EDITION).code == 0
    assert newsletter("edition", "approve", "first-edition").code == 1
    assert newsletter("send", "status", "first-edition", "--json").json["state"] == "draft"


@pytest.mark.usefixtures("workspace")
def test_a_language_that_lacks_translations_has_no_files(newsletter: Terminal) -> None:
    _edit('  cy: "Ein bwletin cyntaf"\n', "")

    languages = newsletter("compose", EDITION, "--json").json["languages"]

    assert languages["cy"] == {
        "subject": None, "html": None, "text": None, "eml": None, "html_bytes": None,
    }  # fmt: skip
    assert Path(languages["en"]["html"]).is_absolute()
    assert Path(languages["en"]["html"]).stat().st_size == languages["en"]["html_bytes"]


@pytest.mark.usefixtures("workspace")
def test_a_line_break_in_a_subject_never_reaches_a_header(newsletter: Terminal) -> None:
    """M12."""
    _edit('"Our first bulletin"', '"Our first\\r\\nBcc: everybody@example.org"')

    answer = newsletter("compose", EDITION)

    assert answer.code == 2
    assert f"{EDITION}:{_line_of('Bcc:')}" in answer.err


@pytest.mark.usefixtures("workspace")
def test_a_line_break_in_a_brands_from_name_is_refused(newsletter: Terminal) -> None:
    """M12."""
    brand = Path("brand/brand.toml")
    text = brand.read_text(encoding="utf-8")
    brand.write_text(
        text.replace('[from_name]\nen = "', '[from_name]\nen = "x\\r\\nBcc: a@example.org'), "utf-8"
    )

    answer = newsletter("compose", EDITION)

    assert answer.code == 2
    assert "brand.toml" in answer.err


@pytest.mark.usefixtures("workspace")
def test_bad_rows_go_to_a_file_of_their_own_and_good_rows_go_in(newsletter: Terminal) -> None:
    Path("list.csv").write_text(
        "email,name,language\n"
        "good@example.org,Good,en\n"
        "not an address,Bad,en\n"
        "other@example.org,Other,fr\n"
        "good@example.org,Again,en\n",
        encoding="utf-8",
    )

    answer = newsletter(
        "subscribers", "import", "list.csv", "--topic", "monthly-bulletin",
        "--basis", "consent", "--json",
    )  # fmt: skip

    result = answer.json
    assert answer.code == 0
    parts = ("added", "updated", "unchanged", "skipped", "rejected")
    assert result["read"] == sum(result[part] for part in parts) == 4
    assert (result["added"], result["skipped"], result["rejected"]) == (1, 1, 2)
    rejected = Path(result["reject_file"]).read_text(encoding="utf-8")
    assert "not an address" in rejected
    assert "other@example.org" in rejected


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("text", "words"), [("", "empty"), ("name,mail\n", "email"), ("e\0mail\n", "NUL")]
)
def test_a_file_that_is_no_list_is_2(newsletter: Terminal, text: str, words: str) -> None:
    Path("list.csv").write_text(text, encoding="utf-8")

    answer = newsletter(
        "subscribers", "import", "list.csv", "--topic", "monthly-bulletin", "--basis", "consent"
    )

    assert answer.code == 2
    assert "list.csv" in answer.err
    assert words in answer.err


@pytest.mark.usefixtures("workspace")
def test_a_list_without_a_usable_row_is_1(newsletter: Terminal) -> None:
    Path("list.csv").write_text("email\nnobody\n", encoding="utf-8")

    answer = newsletter(
        "subscribers", "import", "list.csv", "--topic", "monthly-bulletin", "--basis", "consent"
    )

    assert answer.code == 1


@pytest.mark.usefixtures("workspace")
def test_a_dry_run_changes_nothing(newsletter: Terminal) -> None:
    Path("list.csv").write_text("email\nreader@example.org\n", encoding="utf-8")

    answer = newsletter(
        "subscribers", "import", "list.csv", "--topic", "monthly-bulletin",
        "--basis", "consent", "--dry-run", "--json",
    )  # fmt: skip

    assert (answer.json["import_id"], answer.json["added"]) == (None, 1)
    assert newsletter("subscribers", "list", "--json").json == []


@pytest.mark.usefixtures("workspace")
def test_an_import_without_a_lawful_basis_is_2(newsletter: Terminal) -> None:
    """L2."""
    Path("list.csv").write_text("email\nreader@example.org\n", encoding="utf-8")

    answer = newsletter("subscribers", "import", "list.csv", "--topic", "monthly-bulletin")

    assert answer.code == 2
    assert "audience.basis" in answer.err


def test_without_a_workspace_the_cure_is_init(
    newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = newsletter("topics", "list")

    assert answer.code == 2
    assert "newsletter init DIR" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_a_newer_program_is_3(newsletter: Terminal, workspace: Path) -> None:
    with sqlite3.connect(workspace / "data" / "newsletter.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999_later'")
    database.close()

    answer = newsletter("topics", "list")

    assert answer.code == 3
    assert "newer program" in answer.err
    assert newsletter("db", "upgrade").code == 3
    assert newsletter("db", "check", "--json").json["state"] == "newer"


def test_an_older_database_is_3_and_names_db_upgrade(newsletter: Terminal, workspace: Path) -> None:
    (workspace / "data" / "newsletter.db").unlink()

    answer = newsletter("topics", "list")

    assert answer.code == 3
    assert "newsletter db upgrade" in answer.err
    assert newsletter("db", "upgrade").code == 0
    assert newsletter("db", "check").code == 0
    assert newsletter("topics", "list", "--json").json == []


def test_a_locked_database_is_3(
    newsletter: Terminal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(open_engine.__kwdefaults__, "busy_timeout", 0)
    holder = sqlite3.connect(workspace / "data" / "newsletter.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    answer = newsletter("topics", "add", "weekly", "--name", "en=Weekly")

    holder.close()
    assert answer.code == 3
    assert "another newsletter command is using the database" in answer.err
    assert newsletter("topics", "add", "weekly", "--name", "en=Weekly").code == 0


def test_an_unreachable_relay_is_3_and_nothing_is_half_done(
    newsletter: Terminal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsletter(
        "subscribers", "add", "tom@example.org", "--topic", "monthly-bulletin",
        "--language", "en", "--basis", "consent",
    )  # fmt: skip
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", "first-edition")
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", "smtp://127.0.0.1:9")

    answer = newsletter("send", "run", "first-edition", "--yes", "--json")

    assert answer.code == 3
    assert "127.0.0.1:9" in answer.err
    status = newsletter("send", "status", "first-edition", "--json").json
    assert (status["state"], status["audience"]) == ("approved", 0)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtp://mail.example.org", "TLS"),
        ("http://mail.example.org", "scheme"),
        ("smtp+starttls://user:s3cret@mail.example.org:99999", "port"),
    ],
)
def test_a_bad_relay_setting_is_2_and_never_shows_a_password(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    """A10, X13."""
    newsletter("edition", "import", EDITION)
    monkeypatch.setenv("NEWSLETTER_RELAY_URL", url)

    answer = newsletter("send", "test", "first-edition", "--to", "me@example.org")

    assert answer.code == 2
    assert words in answer.err
    assert "s3cret" not in answer.err


@pytest.mark.usefixtures("workspace")
def test_sending_asks_nothing_off_a_terminal(newsletter: Terminal) -> None:
    newsletter(
        "subscribers", "add", "tom@example.org", "--topic", "monthly-bulletin",
        "--language", "en", "--basis", "consent",
    )  # fmt: skip
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", "first-edition")

    answer = newsletter("send", "run", "first-edition")

    assert answer.code == 2
    assert "--yes" in answer.err


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("command", ["status", "run", "resume", "reset"])
def test_an_unknown_edition_is_2(newsletter: Terminal, command: str) -> None:
    answer = newsletter("send", command, "2099-01")

    assert answer.code == 2
    assert "newsletter edition list" in answer.err


@pytest.mark.usefixtures("workspace")
def test_init_never_writes_into_a_folder_that_holds_something(
    newsletter: Terminal, workspace: Path
) -> None:
    before = (workspace / "newsletter.toml").read_bytes()

    answer = newsletter("init", workspace)

    assert answer.code == 2
    assert (workspace / "newsletter.toml").read_bytes() == before


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "words", [["nonsense"], ["send", "run"], ["compose"], ["send", "run", "-x"]]
)
def test_a_wrong_command_line_is_2(newsletter: Terminal, words: list[str]) -> None:
    assert newsletter(*words).code == 2


def test_the_keys_must_be_readable_by_their_owner_alone(
    newsletter: Terminal, workspace: Path
) -> None:
    """A5, X13."""
    newsletter(
        "subscribers", "add", "tom@example.org", "--topic", "monthly-bulletin",
        "--language", "en", "--basis", "consent",
    )  # fmt: skip
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", "first-edition")
    (workspace / "data" / "keys" / "keys.json").chmod(0o644)

    answer = newsletter("send", "run", "first-edition", "--yes")

    assert answer.code == 3
    assert "chmod 600" in answer.err
    assert newsletter("send", "status", "first-edition", "--json").json["audience"] == 0


def test_a_misspelt_command_gets_a_suggestion(newsletter: Terminal) -> None:
    answer = newsletter("compsoe", "edition.yaml")

    assert answer.code == 2
    assert "Did you mean compose?" in answer.err


def test_a_place_that_cannot_be_written_is_3(newsletter: Terminal, workspace: Path) -> None:
    (workspace / "file").touch()

    for words in (
        ("compose", EDITION, "--out", "file/out"),
        ("subscribers", "export", "--out", "file/list.csv"),
        ("init", "file/bulletin"),
    ):
        answer = newsletter(*words)

        assert answer.code == 3, words
        assert "file" in answer.err
        assert "The program itself failed" not in answer.err


@pytest.mark.usefixtures("workspace")
def test_a_traceback_is_shown_only_to_who_asks_for_it(newsletter: Terminal) -> None:
    plain = newsletter("send", "status", "2099-01")
    asked = newsletter("send", "status", "2099-01", "--debug")

    assert (plain.code, asked.code) == (2, 2)
    assert "Traceback" not in plain.err
    assert "Traceback" in asked.err


def test_init_does_not_obey_an_environment_meant_for_another_workspace(
    newsletter: Terminal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = workspace / "data" / "newsletter.db"
    before = other.read_bytes()
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", f"sqlite:///{other}")

    answer = newsletter("init", workspace.parent / "second")

    assert answer.code == 0
    assert other.read_bytes() == before
    assert (workspace.parent / "second" / "data" / "newsletter.db").is_file()


def test_an_init_that_fails_leaves_nothing_behind(
    newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsletter.app.new_workspace.prepare_data", full)

    answer = newsletter("init", tmp_path / "bulletin")

    assert answer.code == 3
    assert "No space left" in answer.err
    assert not (tmp_path / "bulletin").exists()


def test_settings_that_may_hold_a_password_are_their_owners_alone(workspace: Path) -> None:
    """X13."""
    assert (workspace / "newsletter.toml").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("workspace")
def test_a_refusal_is_a_document_too_for_who_asked_for_json(newsletter: Terminal) -> None:
    _edit("images/lighthouse.png", "images/gone.png")
    newsletter("edition", "import", EDITION)

    approve = newsletter("edition", "approve", "first-edition", "--json")
    run = newsletter("send", "run", "first-edition", "--yes", "--json")

    assert (approve.code, run.code) == (1, 1)
    assert {one["rule"] for one in approve.json["findings"]} == {"image-missing"}
    assert run.json | {"started": [], "busy": [], "held": []} == run.json
    assert "its state is draft" in run.json["refused"]


@pytest.mark.usefixtures("workspace")
def test_composing_again_leaves_no_files_of_a_language_that_no_longer_composes(
    newsletter: Terminal,
) -> None:
    written = newsletter("compose", EDITION, "--json").json["languages"]["cy"]
    _edit('  cy: "Ein bwletin cyntaf"\n', "")

    newsletter("compose", EDITION)

    assert not Path(written["html"]).exists()
    assert not Path(written["eml"]).exists()


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("listen", ["8765", "localhost", "0.0.0.0", "a:b"])
def test_serve_listens_only_where_it_is_told_exactly(newsletter: Terminal, listen: str) -> None:
    answer = newsletter("serve", "--listen", listen)

    assert answer.code == 2
    assert "127.0.0.1:8000" in answer.err


@pytest.mark.usefixtures("workspace")
def test_a_time_beyond_the_calendar_is_2(newsletter: Terminal) -> None:
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", "first-edition")

    answer = newsletter("edition", "schedule", "first-edition", "--at", "9999-12-31T23:59-12:00")

    assert answer.code == 2
    assert "beyond the calendar" in answer.err


def test_a_user_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)

    assert system_user().startswith("uid ")
