"""A relay that turns us away with 421 is left alone until the time is over, from run to run."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from newsletter.app import edition_status
from newsletter.app.sending import Sender
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import RelayUnreachable
from tests.workspaces import SHORT, Clock, a_workspace, ready_to_send


@dataclass
class TurnedAway:
    """How many have knocked at a door that nobody opens."""

    url: str
    knocks: int = 0


@contextmanager
def a_busy_relay() -> Iterator[TurnedAway]:
    """A relay that says 421 to everybody, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        relay = TurnedAway(f"smtp://127.0.0.1:{listening.getsockname()[1]}")

        def answer() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                relay.knocks += 1
                with connection:
                    connection.sendall(b"421 4.3.2 Come again later\r\n")

        thread = Thread(target=answer)
        thread.start()
        try:
            yield relay
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_relay_that_asks_us_to_come_later_is_asked_again_when_that_is_over(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with (
        a_busy_relay() as relay,
        a_workspace(tmp_path / "workspace", relay=relay.url, clock=clock) as workspace,
    ):
        ready_to_send(workspace)
        sender = Sender(workspace, "test")

        with pytest.raises(RelayUnreachable, match="turned us away: 421"):
            sender.run(SHORT)
        began = clock.at
        clock.move(minutes=4)
        meanwhile = sender.run(SHORT)
        knocks_meanwhile = relay.knocks
        clock.move(minutes=2)
        with pytest.raises(RelayUnreachable):
            sender.run(SHORT)

        assert knocks_meanwhile == 1
        assert meanwhile.waiting == [(SHORT, began + timedelta(minutes=5))]
        assert meanwhile.as_json()["waiting"][0]["edition"] == SHORT
        assert relay.knocks == 2
        assert edition_status.status(workspace, SHORT).edition.state is EditionState.APPROVED
