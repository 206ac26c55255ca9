"""A terminal in a fresh workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Terminal


@pytest.fixture
def newsletter(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NEWSLETTER_CONFIG", "NEWSLETTER_RELAY_URL", "NEWSLETTER_RELAY__URL"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(capsys)


@pytest.fixture
def workspace(newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace made by `init`, and the current folder."""
    folder = tmp_path / "bulletin"
    assert newsletter("init", folder).code == 0
    monkeypatch.chdir(folder)
    return folder
