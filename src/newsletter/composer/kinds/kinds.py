"""Section kinds: what one folder under `sections/` says about a block that authors may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclasses_field
from enum import StrEnum
from pathlib import Path

MASTHEAD = "masthead"
"""The kind that heads an edition, made of the brand when the author writes none."""


OWN_KEYS = ("kind", "id", "only_for")
"""The keys of every section, which no kind may use for a field of its own."""


class FieldType(StrEnum):
    """What a field holds.

    `words` is one line of text and `rich-text` is Markdown; both are mappings by language, or a
    plain string where the field is neutral. `url` is one address, or a mapping by language.
    `image` is a mapping of `src`, `alt` (words) and `decorative`. `group` holds fields of its own.
    """

    WORDS = "words"
    RICH_TEXT = "rich-text"
    URL = "url"
    IMAGE = "image"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a section kind, as `section.toml` declares it.

    `max_length` is in characters per language; `neutral` says that the words mean the same in every
    language (a name, a number); `help` maps a language to one sentence for the author.
    """

    name: str
    type: FieldType
    required: bool = False
    max_length: int | None = None
    neutral: bool = False
    labels: Mapping[str, str] = dataclasses_field(default_factory=dict)
    help: Mapping[str, str] = dataclasses_field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionKind:
    """One kind: its name (the folder's), labels per language, fields in order, and its folder."""

    name: str
    labels: Mapping[str, str]
    fields: tuple[Field, ...]
    folder: Path

    @property
    def sample_file(self) -> Path:
        """The YAML of a real-looking section of this kind, in every language that we ship."""
        return self.folder / "sample.yaml"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The kinds that authors may use, by name, and the template folders in order of preference.

    A workspace's own `templates/email` comes before the folder that the program ships, so that it
    may add kinds and override single templates.
    """

    kinds: Mapping[str, SectionKind]
    folders: tuple[Path, ...]
