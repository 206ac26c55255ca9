"""Saying things in one language, with every phrase in another one marked as such (H10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from babel import Locale
from babel.dates import format_date
from markupsafe import Markup, escape

from newsletter.domain.people import Basis
from newsletter.domain.readers import ReaderTopic
from newsletter.i18n import strings

# The day before the month, whatever the locale's own habit: Babel's plain "en" is American.
_DAY = "d MMMM y"

_SOURCES = {"preferences page": "source_preferences", "subscribers add": "source_staff"}
# What the consent ledger calls a source, and our words for it; any other was named by a person.


class Wording:
    """The words of the pages in the site's language `wanted`.

    `language` is the one that the words are really in: English, where we have no catalogue.
    """

    def __init__(self, wanted: str, timezone: tzinfo) -> None:
        self.wanted = wanted
        self._strings = strings("pages", wanted)
        self.language = wanted if _same_language(wanted, self._strings.language) else "en"
        self._locale = Locale.parse(self.language, sep="-")
        self._timezone = timezone

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as the `dir` attribute takes it."""
        return self._locale.text_direction

    def say(self, key: str, **values: str) -> Markup:
        """The words of `key` as HTML; `values` are escaped unless they are HTML already."""
        return Markup(escape(self._strings[key])).format(**values)  # noqa: S704  # escaped just here

    def name(self, names: Mapping[str, str]) -> Markup:
        """A name in this language, else the first it has, marked with its own language."""
        tag = self.wanted if self.wanted in names else next(iter(names))
        if tag == self.language:
            return escape(names[tag])
        return Markup('<span lang="{}" dir="{}">{}</span>').format(tag, "auto", names[tag])

    def topic(self, topic: ReaderTopic | None) -> Markup:
        """A topic's name, or `this newsletter` when it is none that we know."""
        return self.say("this_newsletter") if topic is None else self.name(topic.names)

    def day(self, instant: datetime | None) -> str:
        """The day of an instant, in the site's time zone."""
        if instant is None:
            return self.say("not_recorded")
        return format_date(instant.astimezone(self._timezone), _DAY, locale=self._locale)

    def basis(self, basis: Basis | None) -> Markup:
        """A lawful basis in plain words."""
        return self.say("not_recorded" if basis is None else f"basis_{basis.replace('-', '_')}")

    def source(self, source: str | None) -> Markup:
        """Where a subscription came from: in our words when a page of ours made it, else as it was
        recorded."""
        if not source:
            return self.say("not_recorded")
        known = _SOURCES.get(source)
        return escape(source) if known is None else self.say(known)


def language_name(tag: str) -> str:
    """A language's own name for itself, with a capital: `English`, `Cymraeg`."""
    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[0].upper() + name[1:]


def _same_language(first: str, second: str) -> bool:
    return first.split("-")[0] == second.split("-")[0]
