"""The journal of one sending process: what it has begun and what came of it, message by message.

A database is too slow to be told of each message twice; a file is not. What is not recorded in the
database when a process dies is replayed from here (design 5):

    S   the message was handed over but for its end, which follows now: from here on only the
        server knows whether it has it
    A, D, F, U   accepted, deferred, failed or unknown: what came of it

Whoever was claimed and has no S was never begun. The file is locked for as long as its process
lives, by the kernel: so anybody can tell a dead sender from a living one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import socket
from collections.abc import Collection
from pathlib import Path
from threading import Lock

from newsletter.dispatch.journal_records import (
    LONGEST_RECORD,
    Attempt,
    begun_record,
    journal_header,
    outcome_record,
)
from newsletter.domain.deliveries import Outcome
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.folders import sync_folder

_RESERVE = 256 * 1024
"""Room that is taken in advance, so that a full disk is met before a message goes, not after."""
_COMPACT_ABOVE = 4 * 1024 * 1024


class Journal:
    """The journal of this process, open for writing; make it with `create`.

    Every method that writes raises SurroundingsFailed when the disk does not take it.
    """

    def __init__(self, file: Path, descriptor: int, header: bytes) -> None:
        self.file = file
        self._descriptor = descriptor
        self._header = header
        self._end = self._reserved = 0
        self._compact_above = _COMPACT_ABOVE
        self._unsettled: dict[Attempt, bytes] = {}
        self._handing_out = Lock()  # of the descriptor: a thread may sync while this one closes it

    @classmethod
    def create(cls, folder: Path, database: str, *, is_power_safe: bool) -> Journal:
        """A new journal in `folder`, which is made where there is none; on the disk, locked.

        `database` is the identity of the one that is sent from. `is_power_safe`: the journal's
        owner calls `sync` before the end of any message goes.
        """
        name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}.journal"
        file = folder / name
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            journal = cls(
                file, _locked_file(file), journal_header(database, is_power_safe=is_power_safe)
            )
            journal._append(journal._header)
            os.fsync(journal._descriptor)
            sync_folder(folder)
        except OSError as error:
            raise _cannot_write(file, error) from error
        return journal

    @property
    def name(self) -> str:
        """The file's name in its folder."""
        return self.file.name

    @property
    def is_settled(self) -> bool:
        """Whether the database knows all that is in here."""
        return not self._unsettled

    def begun(self, attempt: Attempt) -> None:
        """The end of this message follows."""
        self._note(attempt, begun_record(attempt))

    def came_to(self, attempt: Attempt, outcome: Outcome) -> None:
        """The attempt came to this."""
        self._note(attempt, outcome_record(attempt, outcome))

    def settle(self, attempts: Collection[Attempt]) -> None:
        """The database knows what came of these; from time to time they are let go of."""
        for attempt in attempts:
            self._unsettled.pop(attempt, None)
        if self._end > self._compact_above:
            self._compact()

    def sync(self) -> None:
        """Has the disk keep all records so far; to be called in a thread, it takes a while."""
        try:
            with self._handing_out:
                descriptor = os.dup(self._descriptor)
            try:
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _cannot_write(self.file, error) from error

    def close(self) -> None:
        """Lets go of the file, which stays for whoever replays it."""
        self._go_on_with(-1)

    def remove(self) -> None:
        """Deletes the file, once the sender's row is closed."""
        self.file.unlink(missing_ok=True)
        self.close()

    def _note(self, attempt: Attempt, record: bytes) -> None:
        self._unsettled[attempt] = record
        self._append(record)

    def _append(self, record: bytes) -> None:
        try:
            if self._end + LONGEST_RECORD > self._reserved:
                os.posix_fallocate(self._descriptor, self._reserved, _RESERVE)
                self._reserved += _RESERVE
            _write_whole(self._descriptor, record, self._end)
        except OSError as error:
            raise _cannot_write(self.file, error) from error
        self._end += len(record)

    def _compact(self) -> None:
        """Writes the journal anew, with what the database does not know yet, in one step.

        Where there is no room for that, as on a full disk, this one goes on, and it is tried again
        when as much has been written once more.
        """
        draft = self.file.with_name(f"{self.name}.draft")
        try:
            fresh = self._written_anew(draft)
        except (OSError, SurroundingsFailed):
            draft.unlink(missing_ok=True)
            self._compact_above = self._end + _COMPACT_ABOVE
            return
        self._go_on_with(fresh._descriptor)
        self._end, self._reserved = fresh._end, fresh._reserved
        self._compact_above = _COMPACT_ABOVE
        try:
            sync_folder(self.file.parent)
        except OSError as error:  # after a power cut the older one may lie there
            raise _cannot_write(self.file, error) from error

    def _written_anew(self, draft: Path) -> Journal:
        """The journal that lies in the place of this one now."""
        fresh = Journal(self.file, _locked_file(draft), self._header)
        try:
            fresh._append(fresh._header)
            for record in self._unsettled.values():
                fresh._append(record)
            os.fsync(fresh._descriptor)
            draft.rename(self.file)
        except BaseException:
            fresh.close()
            raise
        return fresh

    def _go_on_with(self, descriptor: int) -> None:
        with self._handing_out:
            old, self._descriptor = self._descriptor, descriptor
        if old >= 0:
            os.close(old)


def _write_whole(descriptor: int, record: bytes, place: int) -> None:
    if os.pwrite(descriptor, record, place) < len(record):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _locked_file(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _cannot_write(file: Path, error: OSError) -> SurroundingsFailed:
    return SurroundingsFailed(
        f"the journal of sending cannot be written ({error.strerror})",
        where=str(file),
        cure="See that the disk has room and that this user may write there, then run it again:"
        " it goes on where it stopped.",
    )
