"""The receiver's log: who got which message, one line each, written before the answer."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class Entry(NamedTuple):
    """One message that was received whole."""

    recipient: str
    message_id: str


class ReceiverLog:
    """A file that only ever grows."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def keep(self, recipient: str, content: bytes) -> None:
        """Notes that the whole message is here."""
        found = _MESSAGE_ID.search(content)
        message_id = found[1].decode() if found else "-"
        os.write(self._descriptor, f"{recipient} {message_id}\n".encode())

    def entries(self) -> list[Entry]:
        """All that was ever received, in order."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        return [Entry(*line.split(" ", 1)) for line in lines]

    @property
    def recipients(self) -> set[str]:
        """Everybody who has received it, once or more often."""
        return {entry.recipient for entry in self.entries()}

    def close(self) -> None:
        """No more is written."""
        os.close(self._descriptor)
