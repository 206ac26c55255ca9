"""Mail is handed over in one kind of event loop, whoever it is for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from newsletter.app import event_loops
from newsletter.app.sending import Sender
from newsletter.app.trial import send_trial
from tests.workspaces import SHORT, a_workspace, ready_to_send


def test_a_trial_goes_the_way_that_the_edition_will_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with the fast loop, where it is installed, shows in the trial."""
    loops: list[asyncio.AbstractEventLoop] = []

    def fast_loop() -> asyncio.AbstractEventLoop:
        loops.append(asyncio.new_event_loop())
        return loops[-1]

    monkeypatch.setattr(event_loops, "_fast_loops", lambda: fast_loop)

    with a_workspace(tmp_path / "workspace") as workspace:
        ready_to_send(workspace)
        send_trial(workspace, SHORT, to="mair@example.org", language="cy")
        of_trial = len(loops)
        Sender(workspace, "test").run(SHORT)

    assert (of_trial, len(loops)) == (1, 2)
