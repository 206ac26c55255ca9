"""Findings: what the checks say about an edition."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs. A `must` finding keeps an edition from being approved."""

    MUST = "must"
    SHOULD = "should"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one check rule, at the place where it can be mended.

    `section` is the section's position counted from 1, or None when the finding is of the whole
    edition; `field` is a dotted path inside that section (`image.alt`); `line` is counted from 1.
    """

    rule: str
    level: Level
    message: str
    fix: str
    language: str | None = None
    section: int | None = None
    field: str | None = None
    file: str | None = None
    line: int | None = None

    def as_json(self) -> dict[str, object]:
        """The finding with exactly the keys that the command line promises."""
        return asdict(self)
