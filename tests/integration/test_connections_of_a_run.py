"""The connections that one run through an edition has to the relay, at their end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsletter.app.sending import Sender
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, a_workspace, ready_to_send

CONNECTIONS = 5
"""As many as may be at work for readers of one receiver."""


class WaitingForAll(RecordingServer):
    """Answers MAIL and QUIT only once all connections have said it."""

    def __init__(self) -> None:
        super().__init__()
        self.goodbyes = 0
        self._said = {"MAIL": 0, "QUIT": 0}
        self._all_said = {verb: asyncio.Event() for verb in self._said}

    def _new_session(self) -> Any:
        session = super()._new_session()
        for verb in self._said:
            session._smtp_methods[verb] = self._together(verb, session._smtp_methods[verb])
        return session

    def _together(self, verb: str, method: Any) -> Any:
        async def together(argument: str | None) -> None:
            self._said[verb] += 1
            if self._said[verb] == CONNECTIONS:
                self._all_said[verb].set()
            await self._all_said[verb].wait()
            self.goodbyes += verb == "QUIT"
            await method(argument)

        return together


def test_connections_are_closed_together(tmp_path: Path) -> None:
    """Each may wait for its answer as long as S6 says, and a relay may be dead."""
    with (
        WaitingForAll() as server,
        a_workspace(tmp_path / "workspace", relay=server.url) as workspace,
    ):
        ready_to_send(workspace)
        relay = workspace.settings.relay.model_copy(update={"connections": CONNECTIONS})
        settings = workspace.settings.model_copy(update={"relay": relay})

        Sender(replace(workspace, settings=settings), "test").run(SHORT)

    assert (len(server.messages), server.goodbyes) == (PEOPLE, CONNECTIONS)
