"""Editions are sent in either event loop: asyncio's own, and uvloop's where that is there."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from newsletter.app import event_loops
from newsletter.app.sending import Sender
from newsletter.domain.deliveries import DeliveryState
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, a_workspace, ready_to_send


@pytest.fixture(params=["asyncio", "uvloop"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The package that the loop comes from."""
    if request.param == "asyncio":
        monkeypatch.setitem(sys.modules, "uvloop", None)  # as where it is not installed
    package: str = request.param
    return package


async def _package_of_loop() -> str:
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


def test_the_loop_is_uvloops_where_that_is_installed(loops: str) -> None:
    assert event_loops.run(_package_of_loop()) == loops


@pytest.mark.usefixtures("loops")
def test_an_edition_is_sent_in_either_loop(tmp_path: Path) -> None:
    with (
        RecordingServer() as server,
        a_workspace(tmp_path / "workspace", relay=server.url) as workspace,
    ):
        report = Sender(workspace, "test").run(ready_to_send(workspace))

        assert report.tally == {DeliveryState.ACCEPTED: PEOPLE}
        assert len(set(server.accepted_recipients)) == PEOPLE
