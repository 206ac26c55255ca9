"""The words of a person's story in one language, with days and times where the site is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.domain.people import IMPORT_PREFIX, Basis, ConsentSource
from newsletter.i18n import Strings, strings
from newsletter.i18n.formats import clock, plain_day


class StoryWords:
    """What is said of a person, in the language `wanted` or, where we have no words, in English."""

    def __init__(self, wanted: str, timezone: str) -> None:
        self.wanted = wanted
        self._story = strings("story", wanted)
        self.language = self._story.language
        self._pages = strings("pages", wanted)
        self._timezone = ZoneInfo(timezone)

    def say(self, key: str, **values: object) -> str:
        """The words of `key` in the catalogue of the story, with the values in their places."""
        return _said(self._story, key, values)

    def say_of_pages(self, key: str, **values: object) -> str:
        """The words of `key` that the public pages use, too: one thing is said in one way."""
        return _said(self._pages, key, values)

    def name(self, names: Mapping[str, str], otherwise: str) -> str:
        """A topic's name in the language, else the first that it has, else `otherwise`."""
        return names.get(self.wanted) or next(iter(names.values()), otherwise)

    def day(self, instant: datetime) -> str:
        """The day: `3 March 2026`."""
        return plain_day(instant.astimezone(self._timezone).date(), self.language)

    def moment(self, instant: datetime) -> str:
        """The day and the time: `3 March 2026, 09:30`."""
        local = instant.astimezone(self._timezone)
        return f"{self.day(instant)}, {clock(local.time(), self.language)}"

    def basis(self, basis: Basis) -> str:
        """A lawful basis by its name."""
        return self.say(f"basis_{_key(basis)}")

    def source(self, source: str) -> str:
        """Where a change came from: in our words when the program recorded it, else as somebody
        wrote it down."""
        if source in list(ConsentSource):
            return self.say(f"source_{ConsentSource(source).name.lower()}")
        if source.startswith(ConsentSource.IMPORT_UNDONE):
            return self.say("source_import_undone")
        if source.startswith(IMPORT_PREFIX):
            return self.say("source_import", file=source.removeprefix(IMPORT_PREFIX))
        return source

    def one_of(self, kind: str, value: str) -> str:
        """The words for one of a closed set of values: a status, a state, a reason."""
        return self.say(f"{kind}_{_key(value)}")


def _key(value: str) -> str:
    return value.replace("-", "_")


def _said(words: Strings, key: str, values: Mapping[str, object]) -> str:
    return words[key].format(**values)
