"""Pictures that were made once are kept, so that a preview costs no work on its images."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from newsletter.composer.pictures.picture import Picture


class KeptPictures:
    """The pictures asked for last, as many as have `most_bytes` bytes together.

    One picture is made at a time, whatever the threads: unpacked, a large one takes 160 MB.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Picture] = OrderedDict()
        self._lock = Lock()

    def picture(self, key: Hashable, make: Callable[[], Picture]) -> Picture:
        """The picture kept under `key`, or else made, and kept from then on."""
        with self._lock:
            if key not in self._kept:
                self._keep(key, make())
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: Hashable, picture: Picture) -> None:
        self._kept[key] = picture
        self._bytes += _weight(picture)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _weight(oldest)


def _weight(picture: Picture) -> int:
    return len(picture.media.content)
