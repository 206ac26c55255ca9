"""Lines that nobody may depend on."""

from __future__ import annotations

import io

import pytest

from newsletter.cli.stderr_lines import say


class FullDisk(io.StringIO):
    """A file on a disk that takes nothing more."""

    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_log_that_is_full_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", FullDisk())

    say("2026-10: 30 to be sent")
