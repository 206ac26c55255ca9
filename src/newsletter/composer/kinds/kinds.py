"""Section kinds: what one folder under `sections/` says about a block that authors may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclasses_field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

COLUMN = 576
"""The width of the text column in CSS pixels: 640 less two gutters of 32."""

HEADING = "heading"
"""The field that heads a section, in any kind that has one: the contents list it."""

MASTHEAD = "masthead"
"""The kind that heads an edition, made of the brand when the author writes none."""

OWN_KEYS = ("kind", "id", "only_for")
"""The keys of every section, which no kind may use for a field of its own."""


class FieldType(StrEnum):
    """What a field holds.

    `words` is one line of text and `rich-text` is Markdown; both are mappings by language, or a
    plain string where the field is neutral. `url` is one address, or a mapping by language; so are
    `email`, a mailbox to write to, and `phone`, a number to call.
    `choice` is one of the field's options, `date` a day or a day with a time (`2026-11-03 19:00`),
    `size` how large a file is (`1.4 MB`). `image` is a mapping of `src`, `alt` (words) and
    `decorative`. `group` holds fields of its own, and `list` any number of one field.
    """

    WORDS = "words"
    RICH_TEXT = "rich-text"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    DATE = "date"
    SIZE = "size"
    IMAGE = "image"
    GROUP = "group"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class ImageRule:
    """How an image of a field is shown: at most `width` CSS pixels wide, cut to the proportions of
    `crop` (width to height) unless the author says otherwise, or whole when it is None.

    `positions` maps each place that the author may choose for it to its width there; the first one
    is taken when none is chosen.
    """

    width: int = COLUMN
    crop: Fraction | None = None
    positions: Mapping[str, int] = dataclasses_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """Which fields of a group are the parts of a calendar entry; `end` and `location` may be ""."""

    summary: str
    start: str
    end: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a section kind, as `section.toml` declares it.

    `max_length` is in characters per language; `neutral` says that the words mean the same in every
    language (a name, a number); `help` maps a language to one sentence for the author. `options`
    maps each option of a choice to its labels per language, the first being the one that is taken
    when the author says nothing. `item` is what a list holds, at least `min_items` and at most
    `max_items` of it. A group with a `calendar` can be put into the reader's own.
    """

    name: str
    type: FieldType
    required: bool = False
    max_length: int | None = None
    neutral: bool = False
    labels: Mapping[str, str] = dataclasses_field(default_factory=dict)
    help: Mapping[str, str] = dataclasses_field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    options: Mapping[str, Mapping[str, str]] = dataclasses_field(default_factory=dict)
    image: ImageRule = ImageRule()
    item: Field | None = None
    min_items: int = 0
    max_items: int | None = None
    calendar: CalendarRule | None = None

    @property
    def first_option(self) -> str:
        """What a choice is when the author says nothing."""
        return next(iter(self.options), "")


@dataclass(frozen=True, slots=True)
class SectionKind:
    """One kind: its name (the folder's), labels per language, fields in order, and its folder.

    `parts` says that sections of the kind part their neighbours, as a line does, so that the layout
    puts nothing else between them.
    """

    name: str
    labels: Mapping[str, str]
    fields: tuple[Field, ...]
    folder: Path
    parts: bool = False

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
