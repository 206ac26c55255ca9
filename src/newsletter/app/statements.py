"""The statements of a house: Markdown files in the workspace's `pages/`, else those that the
program ships, with what the settings and the brand know of it filled in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from newsletter.app.workshop import workshop_of
from newsletter.composer.words.page_text import read_page_text
from newsletter.domain.brand import Brand
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.languages import in_language
from newsletter.domain.statements import Statement, StatementKind
from newsletter.i18n import FALLBACK
from newsletter.resources import pages_folder
from newsletter.settings.model import Settings

_FACT = re.compile(r"\{([a-z_]+)\}")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_DIGEST_LENGTH = 16


class _Source(NamedTuple):
    language: str
    file: Path


class Statements:
    """The statements of the workspace of `settings`; a file is read anew when it has changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[_Source, tuple[int, Statement]] = {}

    def statement(self, kind: StatementKind, language: str) -> Statement:
        """The statement in `language`, else in the site's first, else in English.

        Raises SurroundingsFailed when its file cannot be read.
        """
        source = next(self._sources(kind, language))
        try:
            changed_at = source.file.stat().st_mtime_ns
            read_at, statement = self._read.get(source, (None, None))
            if statement is None or read_at != changed_at:
                text = source.file.read_text(encoding="utf-8")
                statement = self._statement(text, source.language)
                self._read[source] = changed_at, statement
        except (OSError, UnicodeDecodeError):
            raise SurroundingsFailed(
                "a statement cannot be read",
                where=str(source.file),
                cure="Let this user read it, and save it as text in UTF-8.",
            ) from None
        return statement

    def privacy_digest(self, language: str) -> str:
        """What changes with the words of the privacy statement, for the record of what somebody
        agreed to (L1): 16 hex digits. Raises as `statement` does."""
        return self.statement(StatementKind.PRIVACY, language).digest

    def unfilled(self) -> Iterator[str]:
        """A line for each statement of the site's languages in which places are not filled in."""
        for kind in StatementKind:
            for language in self._settings.site.languages:
                places = self.statement(kind, language).places
                if places:
                    whose = self._whose(f"pages/{kind}.{language}.md")
                    yield f"{whose} {len(places)} to be filled in: {', '.join(places)}"

    def _whose(self, file: str) -> str:
        """How a line about what is shown for this file begins."""
        if self._settings.path(file).is_file():
            return f"{file}:"
        return f"{file} is not there, and the shipped text has"

    @cached_property
    def _brand(self) -> Brand:
        return workshop_of(self._settings).brand

    def _sources(self, kind: StatementKind, language: str) -> Iterator[_Source]:
        """Files that are there, the best one first: at last the English one that is shipped."""
        folders = (self._settings.path("pages"), pages_folder())
        for tag in (language, self._settings.site.languages[0], FALLBACK):
            for spelling in (tag, tag.split("-", maxsplit=1)[0]):
                for folder in folders:
                    file = folder / f"{kind}.{spelling}.md"
                    if file.is_file():
                        yield _Source(tag, file)

    def _statement(self, text: str, language: str) -> Statement:
        facts = self._facts(language)
        filled = _FACT.sub(lambda found: _escaped(facts.get(found[1], f"[{found[1]}]")), text)
        page = read_page_text(filled)
        digest = hashlib.sha256(filled.encode()).hexdigest()[:_DIGEST_LENGTH]
        return Statement(language, page.html, page.places, digest)

    def _facts(self, language: str) -> Mapping[str, str]:
        address = in_language(self._brand.postal_address, language).strip().splitlines()
        return {
            "organisation": in_language(self._brand.name, language),
            "postal_address": ", ".join(address),
            "email": self._settings.reply_to,
            "my_link": f"/{language}/my-link",
            **{kind: str(days) for kind, days in self._settings.retention.model_dump().items()},
        }


def _escaped(words: str) -> str:
    """Words that mean nothing but themselves in Markdown."""
    return _PUNCTUATION.sub(r"\\\1", words)
