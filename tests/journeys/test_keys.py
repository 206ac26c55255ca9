"""Keys of links, as an operator looks after them, while the site serves readers."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from newsletter.app.workspace import Workspace, open_settings, open_workspace
from newsletter.audience.subscribers import subscriber
from newsletter.cli.public_site import public_site
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose
from tests.terminal import Terminal

ADDRESS = "mair@example.org"


@pytest.fixture
def served(newsletter: Terminal, workspace: Path) -> Iterator[Workspace]:
    """A workspace with one reader, as a process has it that runs for long."""
    added = newsletter(
        *("subscribers", "add", ADDRESS, "--topic", "monthly-bulletin"),
        *("--language", "en", "--basis", "consent"),
    )
    assert added.code == 0
    with open_workspace(workspace / "newsletter.toml") as opened:
        yield opened


def preferences(workspace: Path) -> str:
    """The reader's link, as a process signs it that starts now."""
    settings = read_settings(workspace / "newsletter.toml")
    with open_settings(settings) as opened, reading(opened.engine) as connection:
        person = subscriber(connection, ADDRESS)
        token = opened.tokens.token(Purpose.PREFERENCES, handle=person.handle, epoch=person.epoch)
    return f"/en/preferences/{token}"


def test_a_new_key_signs_and_old_links_go_on_working_while_the_site_runs(
    newsletter: Terminal, workspace: Path, served: Workspace
) -> None:
    """T4."""
    old = preferences(workspace)
    with TestClient(
        public_site(served, listening_on="0.0.0.0"), base_url="https://news.example.org"
    ) as browser:
        assert browser.get(old).status_code == 200

        added = newsletter("keys", "add")
        new = preferences(workspace)

        assert added.code == 0
        assert new != old
        assert [browser.get(link).status_code for link in (old, new)] == [200, 200]


def test_a_backup_without_the_new_key_opens_nothing_that_it_signed_until_it_is_put_back(
    newsletter: Terminal, workspace: Path, served: Workspace
) -> None:
    """T4: losing a key is told as a page that is not found, and comes right with the file."""
    file, backup = served.keys_file, workspace / "old-backup.json"
    shutil.copy(file, backup)
    newsletter("keys", "add")
    new, kept = preferences(workspace), workspace / "kept.json"
    shutil.copy(file, kept)

    with TestClient(
        public_site(served, listening_on="0.0.0.0"), base_url="https://news.example.org"
    ) as browser:
        shutil.copy(backup, file)
        lost = browser.get(new)
        shutil.copy(kept, file)
        found = browser.get(new)

    assert (lost.status_code, found.status_code) == (404, 200)
    assert "cannot find this page" in lost.text


def test_keys_are_listed_by_a_fingerprint_and_never_shown(
    newsletter: Terminal, workspace: Path
) -> None:
    """X13."""
    added = newsletter("keys", "add", "--json")
    listed = newsletter("keys", "list")

    first, second = added.json
    assert (first["id"], first["active"]) == (0, False)
    assert (second["id"], second["active"]) == (1, True)
    assert newsletter("keys", "list", "--json").json == added.json
    assert f"1    {second['fingerprint']}  signs now" in listed.out
    secrets = (workspace / "data" / "keys" / "keys.json").read_text().split('"')
    assert not any(one in listed.out for one in secrets if len(one) > 20)


def test_adding_a_key_is_recorded_keeps_the_file_private_and_asks_for_a_backup(
    newsletter: Terminal, workspace: Path
) -> None:
    """X13, X15."""
    added = newsletter("keys", "add")

    file = workspace / "data" / "keys" / "keys.json"
    assert f"Back up {file} now" in added.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(workspace / "data" / "newsletter.db")) as database:
        lines = database.execute("SELECT subject FROM audit WHERE action = 'keys add'").fetchall()
    assert lines == [("1",)]


def test_keys_that_are_gone_are_told_with_the_way_back(
    newsletter: Terminal, workspace: Path
) -> None:
    (workspace / "data" / "keys" / "keys.json").unlink()

    answer = newsletter("keys", "add")

    assert answer.code == 3
    assert "Put the file back from a backup" in answer.err
