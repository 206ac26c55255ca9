"""A person's own word on how a list is read, as a mapping file says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.app.list_files.encodings import Encoding
from newsletter.app.list_files.holdings import Holds, Verdict
from newsletter.app.list_files.instants import DateOrder
from newsletter.app.list_files.tables import folded


@dataclass(frozen=True, slots=True)
class ListMapping:
    """What a mapping says; what it does not say is found out as without it.

    `columns` and `attributes` give the names of the list's columns, `ignored` those that are not to
    be read; `statuses` and `languages` what words mean, the words in lower case; `lines` where each
    key of each table stands in `file`.
    """

    file: Path | None = None
    columns: Mapping[Holds, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Verdict] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: Encoding | None = None
    dates: DateOrder | None = None
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def named_columns(self) -> frozenset[str]:
        """Every column that it names, as names are compared."""
        return frozenset(folded(column) for column, _ in self.columns_by_line())

    def columns_by_line(self) -> Iterator[tuple[str, int | None]]:
        """Every column that it names, with the line on which it does."""
        for held, column in self.columns.items():
            yield column, self.lines.get(("columns", held))
        for name, column in self.attributes.items():
            yield column, self.lines.get(("attributes", name))
        for column in self.ignored:
            yield column, self.lines.get(("", "ignore"))


NO_MAPPING = ListMapping()
