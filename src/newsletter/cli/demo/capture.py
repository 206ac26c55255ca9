"""The capture server: a real SMTP server on loopback that keeps what it is given."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST = "127.0.0.1"
_NAME = "capture.example.org"


@dataclass(frozen=True, slots=True)
class Captured:
    """One message as it came in: envelope and bytes."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class _Keeper:
    messages: list[Captured] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keeps the message and accepts it."""
        content = envelope.content
        data = content.encode() if isinstance(content, str) else content or b""
        with self.lock:
            self.messages += [
                Captured(envelope.mail_from or "", recipient, data)
                for recipient in envelope.rcpt_tos
            ]
        return "250 2.0.0 kept"


class CaptureServer:
    """Listens on a free loopback port for as long as the `with` block lasts."""

    def __init__(self) -> None:
        self._keeper = _Keeper()
        self._controller = Controller(
            self._keeper,
            hostname=_HOST,
            port=_free_port(),
            decode_data=False,
            server_hostname=_NAME,  # else each connection looks this machine's name up
        )

    @property
    def url(self) -> str:
        """The relay URL that leads here."""
        return f"smtp://{_HOST}:{self._controller.port}"

    @property
    def messages(self) -> list[Captured]:
        """What has come in so far, in order."""
        with self._keeper.lock:
            return list(self._keeper.messages)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()


def _free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    return port
