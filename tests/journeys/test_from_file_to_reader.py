"""The whole way on the command line, as the comms team and the operator walk it."""

from __future__ import annotations

from pathlib import Path

from tests.smtp_server import RecordingServer
from tests.terminal import Terminal

EDITION = "editions/first-edition/edition.yaml"


def _subscribe(newsletter: Terminal, email: str, language: str = "en") -> None:
    added = newsletter(
        "subscribers", "add", email, "--topic", "monthly-bulletin",
        "--language", language, "--basis", "consent",
    )  # fmt: skip
    assert added.code == 0, added.err


def _set_relay(workspace: Path, url: str) -> None:
    file = workspace / "newsletter.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('# url = ""', f'url = "{url}"', 1), encoding="utf-8")
    assert url in file.read_text(encoding="utf-8")


def test_from_a_file_to_accepted_and_the_totals_add_up(
    newsletter: Terminal, workspace: Path
) -> None:
    _subscribe(newsletter, "siân@example.org".replace("â", "a"), "cy")
    _subscribe(newsletter, "tom@example.org")
    with RecordingServer() as server:
        _set_relay(workspace, server.url)

        assert newsletter("check", EDITION).code == 0
        assert newsletter("edition", "import", EDITION).code == 0
        assert newsletter("send", "status", "first-edition", "--json").json["expected"] == 2
        approved = newsletter("edition", "approve", "first-edition", "--by", "Mared", "--json")
        assert len(approved.json["digest"]) == 64
        assert newsletter("edition", "schedule", "first-edition", "--at", "now").code == 0
        due = newsletter("send", "due", "--json")

    assert due.code == 0, due.err
    assert due.json == {"started": ["first-edition"], "busy": [], "held": []}
    assert sorted(server.accepted_recipients) == ["sian@example.org", "tom@example.org"]
    status = newsletter("send", "status", "first-edition", "--json").json
    assert status["state"] == "complete"
    assert status["audience"] == sum(status["counts"].values()) == 2
    assert status["counts"]["accepted"] == 2
    assert set(status["counts"]) == {
        "pending", "sending", "accepted", "deferred", "failed", "unknown", "skipped",
    }  # fmt: skip


def test_send_due_is_silent_when_nothing_is_due(newsletter: Terminal, workspace: Path) -> None:
    answer = newsletter("send", "due")

    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_without_a_relay_due_holds_and_run_goes_to_the_outbox(
    newsletter: Terminal, workspace: Path
) -> None:
    _subscribe(newsletter, "tom@example.org")
    newsletter("edition", "import", EDITION)
    newsletter("edition", "approve", "first-edition")
    newsletter("edition", "schedule", "first-edition", "--at", "now")

    due = newsletter("send", "due", "--json")
    resumed = newsletter("send", "resume", "first-edition")
    run = newsletter("send", "run", "first-edition", "--yes")

    assert due.code == 3
    assert due.json["held"] == [{"edition": "first-edition", "reason": "no-relay"}]
    assert "newsletter send resume first-edition" in due.err
    assert resumed.code == 0
    assert run.code == 0
    assert "nothing was mailed" in run.err
    assert len(list((workspace / "data" / "outbox" / "new").iterdir())) == 1


def test_nobody_who_left_is_brought_back_by_add_or_import(
    newsletter: Terminal, workspace: Path
) -> None:
    _subscribe(newsletter, "tom@example.org")
    left = newsletter(
        "subscribers", "unsubscribe", "Tom@Example.org", "--topic", "monthly-bulletin"
    )
    assert left.code == 0

    again = newsletter(
        "subscribers", "add", "TOM@example.org", "--topic", "monthly-bulletin",
        "--language", "en", "--basis", "consent",
    )  # fmt: skip
    (workspace / "list.csv").write_text("email,name,language\ntom@example.org,Tom,en\n", "utf-8")
    imported = newsletter(
        "subscribers", "import", "list.csv", "--topic", "monthly-bulletin",
        "--basis", "consent", "--json",
    )  # fmt: skip

    assert again.code == 1
    assert "signing up again" in again.err
    assert imported.code == 0
    assert imported.json | {"import_id": None} == {
        "import_id": None, "read": 1, "added": 0, "updated": 0, "unchanged": 0,
        "skipped": 1, "rejected": 0, "reject_file": None,
        "reasons": {"skipped": {"has left": 1}},
    }  # fmt: skip
    shown = newsletter("subscribers", "show", "tom@example.org", "--json").json
    assert [one["status"] for one in shown["subscriptions"]] == ["unsubscribed"]
    assert [one["status"] for one in shown["consents"]] == ["active", "unsubscribed"]


def test_a_suppressed_address_is_lifted_only_with_a_reason(
    newsletter: Terminal, workspace: Path
) -> None:
    newsletter("suppressions", "add", "tom@example.org", "--reason", "complaint")

    refused = newsletter(
        "subscribers", "add", "tom@example.org", "--topic", "monthly-bulletin",
        "--language", "en", "--basis", "consent",
    )  # fmt: skip
    without_reason = newsletter("suppressions", "lift", "tom@example.org")
    lifted = newsletter("suppressions", "lift", "tom@example.org", "--reason", "asked by letter")

    assert refused.code == 1
    assert "suppressions lift" in refused.err
    assert without_reason.code == 2
    assert lifted.code == 0
    assert newsletter("suppressions", "list", "--json").json == []


def test_an_edition_goes_out_and_comes_in_again_unchanged(
    newsletter: Terminal, workspace: Path
) -> None:
    newsletter("edition", "import", EDITION)

    newsletter("edition", "export", "first-edition", "--out", "copy/edition.yaml")
    again = newsletter("edition", "import", "copy/edition.yaml", "--json")

    assert again.json["changed"] is False
    exported = newsletter("edition", "export", "first-edition").out
    assert exported == (workspace / "copy" / "edition.yaml").read_text(encoding="utf-8")


def test_a_workspace_works_from_any_folder(
    newsletter: Terminal, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    config = workspace / "newsletter.toml"

    before = newsletter("--config", config, "topics", "list", "--json")
    after = newsletter("topics", "list", "--json", "--config", config)

    assert before.json == after.json
    assert before.json[0]["topic"] == "monthly-bulletin"
    assert not (tmp_path / "elsewhere" / "data").exists()
