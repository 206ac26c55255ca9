"""Mail kept in a Maildir on this machine: nothing leaves, and any mail program can read it."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from newsletter.dispatch.ports import MAILDIR
from newsletter.domain.deliveries import DeliveryState, Envelope, Outcome
from newsletter.domain.errors import RelayUnreachable

_WRITTEN = "written to the outbox"
_FOLDERS = ("tmp", "new", "cur")
_NUMBERS = count(1)  # one row for the whole process: two transports may share a folder


class MaildirTransport:
    """A Transport into one Maildir; each file is one message, byte for byte."""

    name = MAILDIR
    relay = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._draft: Path | None = None

    async def open(self) -> None:
        """Makes the Maildir where there is none; raises RelayUnreachable when it cannot."""
        try:
            for name in _FOLDERS:
                # For nobody else's eyes: a message holds its reader's address and links.
                (self._folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise RelayUnreachable(
                f"the outbox cannot be made ({error.strerror})",
                where=str(self._folder),
                cure="Look at the folder in relay.url, and at who may write there.",
            ) from error

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        """Writes one message where no mail program looks; deferred when the disk is full."""
        await self.open()
        draft = self._folder / "tmp" / _unique_name()
        try:
            # The loop waits for the disk meanwhile: there is nothing else for it to do.
            _write_synced(draft, message)
        except OSError as error:
            draft.unlink(missing_ok=True)
            return _not_written(error)
        self._draft = draft
        return None

    async def finish(self) -> Outcome:
        """Puts the message that was begun where mail programs find it."""
        if self._draft is None:
            raise RuntimeError("finish without begin")
        draft, self._draft = self._draft, None
        try:
            draft.rename(self._folder / "new" / draft.name)
        except OSError as error:
            draft.unlink(missing_ok=True)
            return _not_written(error)
        _sync_folder(self._folder / "new")
        return Outcome(DeliveryState.ACCEPTED, None, None, _WRITTEN)

    async def close(self) -> None:
        """Takes away a message that was begun and not finished."""
        draft, self._draft = self._draft, None
        if draft is not None:
            draft.unlink(missing_ok=True)


def _not_written(error: OSError) -> Outcome:
    words = f"The message could not be written to the outbox: {error.strerror}."
    return Outcome(DeliveryState.DEFERRED, None, None, words)


def _unique_name() -> str:
    """A name that no other message has, in the order of writing (maildir(5))."""
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
    seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    return f"{seconds}.M{nanoseconds // 1000:06}P{os.getpid()}Q{next(_NUMBERS)}.{host}"


def _write_synced(file: Path, message: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(message)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    # Not every file system can do this for a folder, and the message is there in any case.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
