"""Editions as they are kept, for whoever needs to know where one stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from newsletter.domain.audience_rules import FrozenRule
from newsletter.domain.editions import EditionState, HeldReason


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition's row: where it stands, not what it says.

    `public_id` is 32 random bits, the only id that leaves the house; `revision` is the number of
    the newest revision; `source_digest` is of the bytes of the file it was imported from.
    `released_at` is when a person last let it go on, `attempted_at` when a sender last took on
    deliveries of it, `published_at` when it began to be sent, and so to be public (None before).
    `overruled` are reasons to hold it in spite of which a person let it go on: they hold it no
    more.
    """

    id: int
    public_id: int
    slug: str
    topic: str
    state: EditionState
    held_reason: HeldReason | None
    held_from: EditionState | None
    revision: int
    source_file: str
    source_digest: str
    scheduled_at: datetime | None
    scheduled_zone: str | None
    released_at: datetime | None
    attempted_at: datetime | None
    published_at: datetime | None
    overruled: frozenset[HeldReason] = frozenset()


MailForm: TypeAlias = tuple[str, str]
"""A language or `mul`, and a variant: the names of its segments joined by commas, or ""."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An edition compiled and frozen for sending; all but who approved it is covered by `digest`.

    `messages` maps each form, in the edition's order, to the JSON of its message template, `pages`
    each language to that of its page's pieces: the web shows what everyone gets. `segment` names
    whom the edition is for, None all of its topic; `rules` holds the rule of every segment that the
    edition names.
    """

    digest: str
    approved_by: str
    approved_at: datetime
    messages: Mapping[MailForm, Any]
    pages: Mapping[str, Any]
    segment: str | None
    rules: Mapping[str, FrozenRule]

    @property
    def languages(self) -> tuple[str, ...]:
        """What its mails call themselves: languages in the edition's order, or `mul`."""
        return tuple(dict.fromkeys(language for language, _ in self.messages))

    @property
    def varied_by(self) -> Mapping[str, tuple[str, ...]]:
        """Each segment that has sections of its own, with the languages that have them; by name."""
        found: dict[str, dict[str, None]] = {}
        for language, variant in self.messages:
            for segment in filter(None, variant.split(",")):
                found.setdefault(segment, {})[language] = None
        return {segment: tuple(found[segment]) for segment in sorted(found)}
