"""The author's words in one language, and a finding where they are owed."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.composer.findings.findings import Place
from newsletter.composer.kinds.kinds import Field
from newsletter.composer.reading.reading_room import ReadingRoom
from newsletter.domain.editions import Value


class WordsOfLanguage:
    """Chooses the words of the room's language; `is_single` as for the reader of sections."""

    def __init__(self, room: ReadingRoom, *, is_single: bool) -> None:
        self._room = room
        self._is_single = is_single

    def in_language(self, field: Field, value: Value, place: Place) -> str:
        """The author's words in the place's language, or "" and a finding when they are owed."""
        findings = self._room.desk.findings
        if isinstance(value, Mapping):
            words = value.get(place.language)
            if isinstance(words, str) and words.strip():
                return words
            if has_words(value):
                findings.add("translation-missing", "missing", place)
                return ""
        elif isinstance(value, str) and value.strip():
            if not (field.neutral or self._is_single):
                findings.add("translation-missing", "one-for-all", place)
            return value
        if field.required:
            findings.add("translation-missing", "empty", place)
        return ""


def has_words(value: Value) -> bool:
    """Whether anything was written, in whatever language."""
    if isinstance(value, Mapping):
        return any(isinstance(words, str) and words.strip() for words in value.values())
    return isinstance(value, str) and bool(value.strip())
