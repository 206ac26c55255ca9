"""The operator's page on installing keeps back the line that it says it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.app import approving
from newsletter.storage.process_lock import process_lock
from tests.terminal import Terminal
from tests.workspaces import SHORT, a_workspace, ready_to_send

PAGE = (Path(__file__).parents[2] / "docs" / "operator" / "install.md").read_text(encoding="utf-8")


def test_crons_filter_takes_all_that_a_call_says_while_somebody_else_is_sending(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_back = re.findall(r"grep -v '(.+)'$", PAGE, re.MULTILINE)

    with a_workspace(tmp_path / "workspace", relay="smtp://127.0.0.1:1") as workspace:
        ready_to_send(workspace)
        approving.schedule(workspace, SHORT, "now", actor="test")
        with process_lock(workspace.lock_folder, SHORT):
            settings = workspace.settings.folder / "newsletter.toml"
            answer = Terminal(capsys)("send", "due", "--config", settings)

    assert len(kept_back) == 1
    assert (answer.code, answer.out) == (0, "")
    assert [bool(re.search(kept_back[0], line)) for line in answer.err.splitlines()] == [True]
