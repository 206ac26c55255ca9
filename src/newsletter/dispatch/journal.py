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
import json
import os
import secrets
import socket
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.folders import sync_folder

Attempt: TypeAlias = tuple[int, int]
"""A delivery's id, and the number of the attempt."""

_MAGIC = b"newsletter journal 1\n"
_RECORD = struct.Struct(">cQIH")  # kind, delivery, attempt, octets of what follows
_CHECK = struct.Struct(">I")  # CRC-32 of the record
_BEGUN, _HEADER = b"S", b"H"
_KINDS = {
    b"A": DeliveryState.ACCEPTED,
    b"D": DeliveryState.DEFERRED,
    b"F": DeliveryState.FAILED,
    b"U": DeliveryState.UNKNOWN,
}
_KIND_OF = {state: kind for kind, state in _KINDS.items()}
_LONGEST = 4096
"""Most octets of a record: a reply has 500 characters at most."""
_LONGEST_HEADER = 128 * 1024
_RESERVE = 256 * 1024
"""Room that is taken in advance, so that a full disk is met before a message goes, not after."""
_COMPACT_ABOVE = 4 * 1024 * 1024


class JournalUnreadable(Exception):
    """The journal is missing, or is no journal, or damaged in its midst."""


@dataclass(frozen=True, slots=True)
class JournalContent:
    """What a journal says: what came of attempts, and which have begun and have no answer.

    `is_whole` is False when the machine went down since, and may have taken the last records with
    it: then an attempt that is not in here may have begun all the same.
    """

    outcomes: Mapping[Attempt, Outcome]
    unanswered: frozenset[Attempt]
    is_whole: bool


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
            journal = cls(file, _locked_file(file), _header(database, is_power_safe=is_power_safe))
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
        self._note(attempt, _record(_BEGUN, attempt, b""))

    def came_to(self, attempt: Attempt, outcome: Outcome) -> None:
        """The attempt came to this."""
        self._note(attempt, _outcome_record(attempt, outcome))

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
            if self._end + _LONGEST > self._reserved:
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


def read_journal(file: Path) -> JournalContent:
    """What the journal of a dead process says; raises JournalUnreadable when nothing is certain.

    A record that was being written when the process died counts as not written.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise JournalUnreadable(error.strerror) from error
    if not data.startswith(_MAGIC):
        raise JournalUnreadable("it is no journal")
    about: Mapping[str, object] = {}
    outcomes: dict[Attempt, Outcome] = {}
    unanswered: set[Attempt] = set()
    for kind, attempt, payload in _records(data):
        if kind == _HEADER:
            about = json.loads(payload)
        elif kind == _BEGUN:
            unanswered.add(attempt)
        else:
            unanswered.discard(attempt)
            outcomes[attempt] = _read_outcome(kind, payload)
    is_whole = bool(about.get("power")) or about.get("boot") == _boot_id()
    return JournalContent(outcomes, frozenset(unanswered), is_whole)


def database_of(file: Path) -> str | None:
    """The identity of the database that a journal is of; None when it does not say."""
    try:
        with file.open("rb") as stream:
            data = stream.read(_LONGEST_HEADER)
    except OSError:
        return None
    record = _whole_record(data, len(_MAGIC)) if data.startswith(_MAGIC) else None
    if record is None or record[0] != _HEADER:
        return None
    database = json.loads(record[3]).get("database")
    return database if isinstance(database, str) else None


def _records(data: bytes) -> Iterator[tuple[bytes, Attempt, bytes]]:
    place = len(_MAGIC)
    while place < len(data) and data[place]:  # what follows a zero is room that was never used
        record = _whole_record(data, place)
        if record is None:
            if any(data[place + _LONGEST :]):
                raise JournalUnreadable("it is damaged")
            return
        kind, delivery, attempt, payload = record
        yield kind, (delivery, attempt), payload
        place += _RECORD.size + len(payload) + _CHECK.size


def _whole_record(data: bytes, place: int) -> tuple[bytes, int, int, bytes] | None:
    begin = place + _RECORD.size
    if begin > len(data):
        return None
    kind, delivery, attempt, length = _RECORD.unpack_from(data, place)
    end = begin + length
    if end + _CHECK.size > len(data) or kind not in (_BEGUN, _HEADER, *_KINDS):
        return None
    if _CHECK.unpack_from(data, end)[0] != zlib.crc32(data[place:end]):
        return None
    return kind, delivery, attempt, data[begin:end]


def _header(database: str, *, is_power_safe: bool) -> bytes:
    about = {"boot": _boot_id(), "power": is_power_safe, "database": database}
    return _MAGIC + _record(_HEADER, (0, 0), json.dumps(about).encode())


def _record(kind: bytes, attempt: Attempt, payload: bytes) -> bytes:
    record = _RECORD.pack(kind, *attempt, len(payload)) + payload
    return record + _CHECK.pack(zlib.crc32(record))


def _outcome_record(attempt: Attempt, outcome: Outcome) -> bytes:
    words = f"{outcome.code or ''}\n{outcome.enhanced or ''}\n{outcome.reply}"
    # A character has four octets at most, so that no reply, capped as it is, is cut short here.
    payload = words.encode(errors="replace")[: _LONGEST - 64]
    return _record(_KIND_OF[outcome.state], attempt, payload)


def _read_outcome(kind: bytes, payload: bytes) -> Outcome:
    code, enhanced, reply = payload.decode(errors="replace").split("\n", 2)
    return Outcome(_KINDS[kind], int(code) if code else None, enhanced or None, reply)


def _write_whole(descriptor: int, record: bytes, place: int) -> None:
    if os.pwrite(descriptor, record, place) < len(record):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _locked_file(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _boot_id() -> str:
    """This run of the machine; where the system does not tell, no two are the same."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_hex(16)


def _cannot_write(file: Path, error: OSError) -> SurroundingsFailed:
    return SurroundingsFailed(
        f"the journal of sending cannot be written ({error.strerror})",
        where=str(file),
        cure="See that the disk has room and that this user may write there, then run it again:"
        " it goes on where it stopped.",
    )
