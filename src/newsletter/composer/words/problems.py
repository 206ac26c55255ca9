"""What may be wrong inside a text that an author wrote, before anyone knows where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class MergeFault(StrEnum):
    """What may be wrong with a brace; each is a case of the rule merge-unknown."""

    UNKNOWN = "unknown"
    MISSPELT = "misspelt"
    NO_FALLBACK = "no-fallback"
    ADDRESS_IN_WORDS = "address-in-words"
    IN_URL = "in-url"
    LANGUAGE_TAG = "language-tag"
    STRAY_BRACE = "stray-brace"


@dataclass(frozen=True, slots=True)
class MergeProblem:
    """One faulty brace: what is wrong, what the author wrote, and what may have been meant."""

    fault: MergeFault
    written: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """An address that cannot stand in a link, as the author wrote it."""

    url: str


Report: TypeAlias = Callable[[MergeProblem | LinkProblem], None]
"""Takes note of a problem; whoever reads a text is given one that knows the place."""
