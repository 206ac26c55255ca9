"""Statements: what a house says of itself in public, in words of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StatementKind(StrEnum):
    """What a statement is about; the word in the name of its file and in its address."""

    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as pages show it.

    `language` is the one that it is written in, which may not be the one that was asked for; `html`
    is safe to show, its highest headings being h2; `places` are those that nobody has filled in
    yet, with their brackets. `digest` changes with the words: 16 hex digits.
    """

    language: str
    html: str
    places: tuple[str, ...]
    digest: str
