"""Saying things in one language, with every phrase in another one marked as such (H10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from markupsafe import Markup, escape

from newsletter.domain.people import IMPORT_PREFIX, Basis, ConsentSource
from newsletter.i18n import strings
from newsletter.i18n.language_facts import direction

# The day before the month, whatever the locale's own habit: Babel's plain "en" is American.
_DAY = "d MMMM y"

_SOURCES: Mapping[str, str] = {
    ConsentSource.PREFERENCES_PAGE: "source_preferences",
    ConsentSource.STAFF_ADD: "source_staff",
    ConsentSource.SIGN_UP_PAGE: "source_sign_up",
    ConsentSource.SIGN_UP_CONFIRMED: "source_sign_up_confirmed",
    ConsentSource.LEAVING_UNDONE: "source_leaving_undone",
    ConsentSource.PAUSE_OVER: "source_pause_over",
}
# What the consent ledger calls a source, and our words for it; any other was named by a person.


class Wording:
    """The words of the pages in the site's language `wanted`.

    `language` is the one that the words are really in: English, where we have no catalogue.
    """

    def __init__(self, wanted: str, timezone: str) -> None:
        self.wanted = wanted
        self._strings = strings("pages", wanted)
        self.language = self._strings.language
        self.direction = direction(self.language)
        self._timezone = ZoneInfo(timezone)

    def say(self, key: str, **values: str) -> Markup:
        """The words of `key` as HTML; `values` are escaped unless they are HTML already."""
        return escape(self._strings[key]).format(**values)

    def name(self, names: Mapping[str, str]) -> Markup:
        """A name in this language, else the first it has, marked with its own language."""
        tag = self.wanted if self.wanted in names else next(iter(names))
        if _primary(tag) == _primary(self.language):
            return escape(names[tag])
        return Markup("<span{}>{}</span>").format(self.tongue(tag), names[tag])

    def tongue(self, tag: str) -> Markup:
        """The attributes that say which language words are in; "" is one that nobody knows."""
        way = direction(tag) if tag else "auto"
        return Markup(' lang="{}" dir="{}"').format(tag, way)

    def day(self, instant: datetime | None) -> str:
        """The day of an instant, in the site's time zone: `3 March 2026`."""
        if instant is None:
            return self.say("not_recorded")
        local = instant.astimezone(self._timezone)
        return format_date(local, _DAY, locale=self._strings.language)

    def basis(self, basis: Basis | None) -> Markup:
        """A lawful basis in plain words."""
        return self.say("not_recorded" if basis is None else f"basis_{basis.replace('-', '_')}")

    def source(self, source: str | None) -> Markup:
        """Where a subscription came from: in our own words when the program recorded it, else as
        somebody wrote it down, in a language that nobody knows."""
        if not source:
            return self.say("not_recorded")
        if source.startswith(IMPORT_PREFIX):
            return self.say("source_import")
        if source in _SOURCES:
            return self.say(_SOURCES[source])
        return Markup("<span{}>{}</span>").format(self.tongue(""), source)


def _primary(tag: str) -> str:
    """`en-GB` and `en` are one language to whoever listens."""
    return tag.split("-", maxsplit=1)[0]
