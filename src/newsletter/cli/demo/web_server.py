"""A web server in a thread, on a loopback port, for as long as a `with` block lasts."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from newsletter.domain.errors import SurroundingsFailed


class WebServer:
    """Serves one ASGI application over real HTTP."""

    def __init__(self, app: ASGIApp, port: int | None = None) -> None:
        self._socket = _listen(port or 0)
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


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise SurroundingsFailed(
            f"cannot listen on 127.0.0.1:{port}: {error.strerror}",
            cure="Name a free port with --port N.",
        ) from None
    return listening
