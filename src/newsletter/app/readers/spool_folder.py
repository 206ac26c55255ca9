"""Wishes to leave that the database could not take, in a folder: one file for each (T10).

What lies there names nobody by their address: a token, which says whom and what by random numbers,
when it was said, and how. A wish that is said twice is one file.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.app.private_file import private_file
from newsletter.domain.people import ConsentSource
from newsletter.storage.folders import sync_folder

_SUFFIX = ".json"
_ASIDE = "unreadable"
_NAME_LENGTH = 32

_log = logging.getLogger(__name__)

_told_of: set[Path] = set()


@dataclass(frozen=True, slots=True)
class SpooledDeparture:
    """What somebody asked for with a valid `token` at the moment `at`: to leave its topic, or
    `everything`; `source` is where they did."""

    token: str
    everything: bool
    source: ConsentSource
    at: datetime

    @property
    def file_name(self) -> str:
        """Where it lies: the same for the same wish."""
        wish = f"{self.token} {self.everything}".encode("ascii")
        return hashlib.sha256(wish).hexdigest()[:_NAME_LENGTH] + _SUFFIX

    def as_text(self) -> str:
        """It, as a file has it."""
        facts = {
            "token": self.token,
            "everything": self.everything,
            "source": self.source.value,
            "at": self.at.isoformat(),
        }
        return f"{json.dumps(facts)}\n"

    @classmethod
    def from_text(cls, text: str) -> SpooledDeparture:
        """What a file says; raises ValueError when it says no such thing."""
        facts: Any = json.loads(text)
        try:
            token, at = facts["token"], datetime.fromisoformat(facts["at"])
            everything, source = facts["everything"], ConsentSource(facts["source"])
        except (KeyError, TypeError) as error:
            raise ValueError("this is no wish to leave") from error
        if not isinstance(token, str) or at.tzinfo is None:
            raise ValueError("this is no wish to leave")
        return cls(token, everything is True, source, at)


class SpoolFolder:
    """The folder at `path`, which need not be there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, departure: SpooledDeparture) -> None:
        """Writes it down so that it survives the end of the power.

        Raises SurroundingsFailed when the disk does not take it either.
        """
        file = self._path / departure.file_name
        is_first = not self._path.exists()
        cure = "Make room on the disk, and see that this user may write there."
        with private_file(file, what="the wish to leave", cure=cure, make_folder=True) as stream:
            stream.write(departure.as_text())
        sync_folder(self._path)
        if is_first:
            sync_folder(self._path.parent)

    def waiting(self) -> list[Path]:
        """The files of all that wait, in no order. Costs next to nothing when there are none."""
        try:
            with os.scandir(self._path) as entries:
                return [
                    Path(entry.path)
                    for entry in entries
                    if entry.name.endswith(_SUFFIX) and not entry.name.startswith(".")
                ]
        except FileNotFoundError:
            return []

    def read(self, files: list[Path]) -> Iterator[tuple[Path, SpooledDeparture]]:
        """What these files say; one that cannot be read is set aside, for somebody to look at."""
        for file in files:
            try:
                yield file, SpooledDeparture.from_text(file.read_text(encoding="ascii"))
            except FileNotFoundError:
                continue  # another process was faster
            except (OSError, ValueError):
                self.set_aside(file)

    def remove(self, file: Path) -> None:
        """Takes away what has been carried out."""
        file.unlink(missing_ok=True)

    def set_aside(self, file: Path) -> None:
        """Keeps the file where it is in nobody's way; said once, also of one that cannot be moved
        and so is met again before each turn."""
        aside = self._path / _ASIDE
        if file not in _told_of:
            _told_of.add(file)
            _log.error("a wish to leave cannot be read and is put into %s: %s", aside, file.name)
        with suppress(OSError):
            aside.mkdir(mode=0o700, exist_ok=True)
            file.replace(aside / file.name)
