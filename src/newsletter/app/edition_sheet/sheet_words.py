"""The words of an edition's sheet in one language, with days, times and numbers as it has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from newsletter.i18n import Strings, strings
from newsletter.i18n.formats import clock, count, plain_day
from newsletter.i18n.language_facts import direction, name_in


class SheetWords:
    """What the sheet says, in the language `wanted` or, where we have no words, in English.

    `language` is the one that the words are really in.
    """

    def __init__(self, wanted: str, timezone: str) -> None:
        self.wanted = wanted
        self._sheet = strings("sheet", wanted)
        self._story = strings("story", wanted)
        self._rules = strings("rules", wanted)
        self.language = self._sheet.language
        self.direction = direction(self.language)
        self._timezone = timezone

    def say(self, key: str, **values: object) -> str:
        """The words of `key`, with the values in their places."""
        return self._sheet[key].format(**values)

    def say_in_html(self, key: str, **values: Markup) -> Markup:
        """The words of `key` as HTML, with values in their places that are HTML already."""
        return escape(self._sheet[key]).format(**values)

    def one_of(self, kind: str, value: str) -> str:
        """The words for one of a closed set of values: a state, a level, a reason."""
        return _one_of(self._sheet, kind, value)

    def rule(self, name: str) -> str:
        """What a rule of the checks asks, in a line."""
        return self._rules[name]

    def delivery(self, state: str) -> str:
        """What became of a delivery, in the words of people's stories."""
        return _one_of(self._story, "delivery", state).format(reason="").rstrip(": ")

    def skip(self, reason: str) -> str:
        """Why a delivery was left out, in the words of people's stories."""
        return _one_of(self._story, "skip", reason)

    def moment(self, instant: datetime, zone: str | None = None) -> str:
        """Day and time where the site is, or in `zone`, which is named:
        `2 November 2026, 09:00 (Europe/London)`."""
        name = zone or self._timezone
        local = instant.astimezone(ZoneInfo(name))
        day = plain_day(local.date(), self.language)
        return f"{day}, {clock(local.time(), self.language)} ({name})"

    def number(self, value: int) -> str:
        """A whole number: `1,234`."""
        return count(value, self.language)

    def languages(self, tags: Iterable[str]) -> str:
        """Languages by their names: `English, Welsh`."""
        return ", ".join(name_in(tag, self.language) for tag in tags)

    def named(self, names: Mapping[str, str], otherwise: str) -> tuple[str, str]:
        """A name in this language, else the first that there is, else `otherwise`; and the tag of
        the language that it is in, "" when nobody knows."""
        tag = self.wanted if names.get(self.wanted) else next(iter(names), "")
        return names.get(tag, otherwise), tag


def _one_of(words: Strings, kind: str, value: str) -> str:
    return words[f"{kind}_{value.replace('-', '_')}"]
