"""uvicorn, as the public pages want it: patient but not for ever, and stopped from outside."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from newsletter.web.slow_clients import ClientPatience, patient_protocol

_BACKLOG = 2048
SECONDS_TO_FINISH = 5
"""How long a stop waits for what is under way; systemd kills after 90."""


class SiteServer(uvicorn.Server):
    """Serves an application at a socket that listens, until somebody calls `stop`."""

    def __init__(
        self, app: ASGIApp, listening: socket.socket, patience: ClientPatience | None = None
    ) -> None:
        self._listening = listening
        super().__init__(
            uvicorn.Config(
                app,
                http=patient_protocol(patience or ClientPatience()),
                ws="none",
                lifespan="off",
                backlog=_BACKLOG,
                log_config=None,  # of the whole process, and so its own affair
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=SECONDS_TO_FINISH,
            )
        )

    def serve_until_stopped(self) -> None:
        """Serves, and then finishes what is under way."""
        self.run(sockets=[self._listening])

    def stop(self) -> None:
        """Has it stop; may be called from anywhere, from a signal's handler too."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves the signals to whoever called: uvicorn would die of them once it has finished."""
        yield
