"""What is written in a journal, and how it is read (`journal` tells what for).

A line that says what the file is; then records of a kind, a delivery and an attempt, what there is
to say, and a checksum. The first one is about the journal itself.
"""

from __future__ import annotations

import json
import secrets
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from newsletter.domain.deliveries import DeliveryState, Outcome

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
LONGEST_RECORD = 4096
"""Most octets of a record: a reply has 500 characters at most."""
_LONGEST_HEADER = 128 * 1024


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
            if any(data[place + LONGEST_RECORD :]):
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


def journal_header(database: str, *, is_power_safe: bool) -> bytes:
    """The beginning of a journal: of which database it is, whether each record is on the disk
    before its message goes, and in which run of the machine it was written."""
    about = {"boot": _boot_id(), "power": is_power_safe, "database": database}
    return _MAGIC + _record(_HEADER, (0, 0), json.dumps(about).encode())


def _record(kind: bytes, attempt: Attempt, payload: bytes) -> bytes:
    record = _RECORD.pack(kind, *attempt, len(payload)) + payload
    return record + _CHECK.pack(zlib.crc32(record))


def begun_record(attempt: Attempt) -> bytes:
    """That the end of this message follows."""
    return _record(_BEGUN, attempt, b"")


def outcome_record(attempt: Attempt, outcome: Outcome) -> bytes:
    """What the attempt came to."""
    words = f"{outcome.code or ''}\n{outcome.enhanced or ''}\n{outcome.reply}"
    # A character has four octets at most, so that no reply, capped as it is, is cut short here.
    payload = words.encode(errors="replace")[: LONGEST_RECORD - 64]
    return _record(_KIND_OF[outcome.state], attempt, payload)


def _read_outcome(kind: bytes, payload: bytes) -> Outcome:
    code, enhanced, reply = payload.decode(errors="replace").split("\n", 2)
    return Outcome(_KINDS[kind], int(code) if code else None, enhanced or None, reply)


def _boot_id() -> str:
    """This run of the machine; where the system does not tell, no two are the same."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_hex(16)
