"""What links answered a while ago, so that a second check need not ask again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from newsletter.app.private_file import private_file
from newsletter.app.safe_fetching import Reply
from newsletter.domain.errors import NewsletterError

_GOOD_FOR = timedelta(hours=24)
_BAD_FOR = timedelta(minutes=10)
"""Short, so that a page that was mended is seen to be."""

_MOST_REPLIES = 1_000
_MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    at: AwareDatetime
    reply: Reply

    def is_fresh(self, now: datetime) -> bool:
        age = now - self.at
        return timedelta(0) <= age < (_GOOD_FOR if self.reply.is_good else _BAD_FOR)


_FILE = TypeAdapter(dict[str, _Remembered])


class LinkMemory:
    """The replies of a day, kept in a file; with None for a file, nothing is kept.

    It only saves time: a file that cannot be read or written is as good as none.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def recall(self, addresses: Iterable[str], *, now: datetime) -> dict[str, Reply]:
        """What is still known of `addresses`: good replies for 24 hours, others for 10 minutes."""
        known = self._read()
        return {
            address: known[address].reply
            for address in addresses
            if address in known and known[address].is_fresh(now)
        }

    def keep(self, replies: Mapping[str, Reply], *, now: datetime) -> None:
        """Remember `replies`, beside the newest of what is still known; 1,000 at most."""
        if self._file is None or not replies:
            return
        fresh = {address: one for address, one in self._read().items() if one.is_fresh(now)}
        fresh |= {address: _Remembered(now, reply) for address, reply in replies.items()}
        newest = sorted(fresh.items(), key=lambda item: item[1].at, reverse=True)[:_MOST_REPLIES]
        with (
            suppress(NewsletterError),
            private_file(self._file, what="the links' memory", cure="", make_folder=True) as out,
        ):
            out.write(_FILE.dump_json(dict(newest), indent=1).decode())

    def _read(self) -> dict[str, _Remembered]:
        try:
            if self._file is None or self._file.stat().st_size > _MOST_BYTES:
                return {}
            return _FILE.validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return {}
