"""In which encoding a list is written, told from all of its bytes."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newsletter.app.list_files.tables import faulty
from newsletter.domain.errors import FaultyFile

_BLOCK = 2**20
_HEAD = 2**16
_ASCII = re.compile("[\x00-\x7f]+")
_STRAY = re.compile("[\ud800-\udfff]")
_SAVE_AS = "save it as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: what people call it, and Python's name for it.

    `described` also says why it was chosen, when that is not plain.
    """

    described: str
    codec: str


UTF_8 = Encoding("UTF-8", "utf-8-sig")
WINDOWS_1252 = Encoding("Windows-1252, since it is not UTF-8", "cp1252")
_UTF_16 = {
    "utf-16-le": Encoding("UTF-16", "utf-16-le"),
    "utf-16-be": Encoding("UTF-16", "utf-16-be"),
}
_MARKS = {
    codecs.BOM_UTF8: UTF_8,
    codecs.BOM_UTF16_LE: Encoding("UTF-16", "utf-16"),
    codecs.BOM_UTF16_BE: Encoding("UTF-16", "utf-16"),
}
NAMED_ENCODINGS = {
    "utf-8": UTF_8,
    "utf-16": Encoding("UTF-16", "utf-16"),
    "windows-1252": Encoding("Windows-1252", "cp1252"),
    "iso-8859-1": Encoding("ISO 8859-1", "iso8859-1"),
    "iso-8859-14": Encoding("ISO 8859-14", "iso8859-14"),  # Celtic: it has ŵ and ŷ
    "iso-8859-15": Encoding("ISO 8859-15", "iso8859-15"),
    "macintosh": Encoding("Macintosh", "mac-roman"),
}
"""The encodings that a person may name, in place of what the bytes say."""


def find_encoding(file: Path, stream: BinaryIO, named: Encoding | None = None) -> Encoding:
    """The encoding of a whole file, which is read once for it: the one named, else UTF-8 or UTF-16,
    else Windows-1252.

    Raises FaultyFile, naming line and byte, when there is something that the encoding cannot hold.
    """
    head = _from_start(stream, _HEAD)
    encoding = named or _by_its_mark(head) or _by_its_nulls(head) or UTF_8
    wrong = _first_wrong_byte(stream, encoding)
    if wrong is None:
        return encoding
    if encoding is UTF_8 and not named and not head.startswith(codecs.BOM_UTF8):
        return _older_encoding(file, stream, wrong)
    raise _wrong_byte(file, stream, encoding, wrong)


def beginning(stream: BinaryIO, encoding: Encoding) -> str:
    """The first few thousand characters of a file."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    return decoder.decode(_from_start(stream, _HEAD))


def _by_its_mark(head: bytes) -> Encoding | None:
    return next((found for mark, found in _MARKS.items() if head.startswith(mark)), None)


def _by_its_nulls(head: bytes) -> Encoding | None:
    # In UTF-16, every second byte of Latin letters, digits and commas is NUL.
    evens, odds = head[0::2].count(0), head[1::2].count(0)
    enough = max(4, len(head) // 4)
    if odds >= enough and odds > 4 * evens:
        return _UTF_16["utf-16-le"]
    if evens >= enough and evens > 4 * odds:
        return _UTF_16["utf-16-be"]
    return None


def _older_encoding(file: Path, stream: BinaryIO, wrong: int) -> Encoding:
    # One stray byte in a file of UTF-8 must not turn every other accent of it into two signs.
    if _is_mostly_utf_8(stream):
        raise _wrong_byte(file, stream, UTF_8, wrong)
    undefined = _first_wrong_byte(stream, WINDOWS_1252)
    if undefined is not None:
        raise _wrong_byte(file, stream, WINDOWS_1252, undefined)
    return WINDOWS_1252


def _is_mostly_utf_8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    for block in _blocks(stream):
        letters = _ASCII.sub("", decoder.decode(block))
        strays = len(_STRAY.findall(letters))
        bad += strays
        good += len(letters) - strays
    return good >= bad


def _first_wrong_byte(stream: BinaryIO, encoding: Encoding) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    read = 0
    try:
        for block in _blocks(stream):
            read += len(block)
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return read - len(error.object) + error.start
    return None


def _wrong_byte(file: Path, stream: BinaryIO, encoding: Encoding, offset: int) -> FaultyFile:
    stream.seek(offset)
    byte = stream.read(1)[0]
    name = encoding.described.partition(",")[0]
    message = f"is not {name} (byte 0x{byte:02x})"
    if encoding is WINDOWS_1252:
        message = f"is neither UTF-8 nor {name} (byte 0x{byte:02x})"
    return faulty(file, _line_of(stream, encoding, offset), message, _SAVE_AS)


def _line_of(stream: BinaryIO, encoding: Encoding, offset: int) -> int:
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding.codec)("replace"), translate=True
    )
    line, left = 1, offset
    for block in _blocks(stream):
        line += decoder.decode(block[:left]).count("\n")
        left -= len(block)
        if left <= 0:
            break
    return line


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(_BLOCK):
        yield block


def _from_start(stream: BinaryIO, size: int) -> bytes:
    stream.seek(0)
    return stream.read(size)
