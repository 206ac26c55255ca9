"""The public pages of a workspace, published over https on this machine as a web server would."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import trustme
import uvicorn

Application: TypeAlias = Callable[..., Awaitable[None]]


class PublishedSite:
    """An address that is known before anything answers at it, and what answers then.

    `trust` is what knows its certificate, which is of localhost unless `name` says otherwise;
    `asked` is what came in: `GET /u/token`.
    """

    def __init__(self, folder: Path, *, name: str = "localhost") -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.base_url = f"https://localhost:{self.port}"
        self.asked: list[str] = []
        authority = trustme.CA()
        self._certificate = folder / "certificate.pem"
        authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(self._certificate)
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)

    @contextmanager
    def answering(self, application: Application) -> Iterator[None]:
        """The application answers there for the block."""
        config = uvicorn.Config(
            self._noting(application),
            ssl_certfile=self._certificate,
            log_level="critical",
            lifespan="off",
            timeout_graceful_shutdown=0,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([self._socket],), daemon=True)
        self._socket.listen()  # whoever connects before the server runs waits
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(10)

    def close(self) -> None:
        """Lets go of the address: from here on nothing listens there."""
        self._socket.close()

    def _noting(self, application: Application) -> Application:
        async def noted(scope: Any, receive: Any, send: Any) -> None:
            self.asked.append(f"{scope['method']} {scope['path']}")
            await application(scope, receive, send)

        return noted


def spoilt(application: Application, below: str, spoiler: Application) -> Application:
    """The application, but that `spoiler` answers for every path that begins with `below`."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        chosen = spoiler if scope["path"].startswith(below) else application
        await chosen(scope, receive, send)

    return answer
