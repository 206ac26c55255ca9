"""A web server in a thread, on a loopback port, for as long as a `with` block lasts."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from newsletter.cli.listening import listen

_CURE = "Name a free port with --port N."


class WebServer:
    """Serves one ASGI application over real HTTP."""

    def __init__(self, app: ASGIApp, port: int | None = None) -> None:
        self._socket = listen("127.0.0.1", port or 0, cure=_CURE)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    @property
    def origin(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        # The socket listens already, so a request made from now on waits for the server's loop.
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
