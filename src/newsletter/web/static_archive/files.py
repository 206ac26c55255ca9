"""Which file a page of the archive becomes, and how one file links to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from posixpath import dirname, relpath
from urllib.parse import urlsplit

from newsletter.web.own_addresses import own_address

ROOT = "index.html"
_DOOR = "/archive"
_FILE = re.compile(r"/(?:media|static)/[A-Za-z0-9][A-Za-z0-9._-]*")
_BELOW = r"(?:/[a-z0-9][a-z0-9-]*)*(?:\.(?:txt|atom|json))?"


@dataclass(frozen=True)
class ArchiveFiles:
    """The addresses that are part of the archive, of a site that speaks `languages`.

    Pictures come from `media_url`, everything else from `base_url`; a link may be to either, or to
    a path.
    """

    base_url: str
    media_url: str
    languages: Sequence[str]
    _aliases: dict[str, str] = field(init=False, default_factory=dict)
    _page: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self._aliases["/"] = _DOOR
        for one in self.languages:
            overview = f"/{one}/archive"
            # Where the pages are without the program, the archive is their home.
            for alias in (f"/{one}", own_address(one, ""), own_address(one, "archive")):
                self._aliases[alias] = overview
        tags = "|".join(map(re.escape, self.languages))
        object.__setattr__(self, "_page", re.compile(rf"/(?:{tags})/archive{_BELOW}"))

    @property
    def starts(self) -> tuple[str, ...]:
        """The paths from which all others are reached."""
        return (_DOOR, *(f"/{one}/archive" for one in self.languages))

    def path(self, link: str) -> str | None:
        """The path that a link leads to, in its plain form; None for one that leaves the site or is
        to a place in its own page."""
        for start, root in ((f"{self.media_url}/", "/media/"), (f"{self.base_url}/", "/")):
            if link.startswith(start):
                link = root + link.removeprefix(start)
        if not link.startswith("/") or link.startswith("//"):
            return None
        path = urlsplit(link).path
        return self._aliases.get(path, path)

    def is_part(self, path: str) -> bool:
        """Whether a path is one of the archive's, or of what its pages are made of."""
        known = (path == _DOOR, self._page.fullmatch(path), _FILE.fullmatch(path))
        return any(known)

    def file(self, path: str) -> str:
        """The file of a path that is part of the archive, relative to the folder of all."""
        if path == _DOOR:
            return ROOT
        last = path.rpartition("/")[2]
        return path[1:] if "." in last else f"{path[1:]}/index.html"

    def homes(self) -> dict[str, str]:
        """The folder of each language has the archive's overview as its index, too: the file, and
        the path of what it shows."""
        return {f"{one}/index.html": f"/{one}/archive" for one in self.languages}


def link_between(file: str, other: str) -> str:
    """How a page in `file` links to `other`: it works from a disk as from a server."""
    return relpath(other, dirname(file) or ".")
