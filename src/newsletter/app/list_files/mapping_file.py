"""Mapping files: TOML in which a person says, once, how the lists of some program are read.

delimiter = ";"
dates = "day-first"
ignore = ["Ffôn"]

[columns]
email = "E-bost"

[attributes]
county = "Sir"

[statuses]
"yn fyw" = "subscribed"

[languages]
Cymraeg = "cy"
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsletter.app.list_files.delimiters import DELIMITERS
from newsletter.app.list_files.encodings import NAMED_ENCODINGS
from newsletter.app.list_files.holdings import Holds, Verdict, passed_over, suppressed
from newsletter.app.list_files.instants import DateOrder
from newsletter.app.list_files.mappings import ListMapping
from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.toml_source import read_toml
from newsletter.domain.attributes import TAGS
from newsletter.domain.list_standings import Standing
from newsletter.domain.people import SuppressionReason

_TABLES = ("columns", "attributes", "statuses", "languages")
_KEYS = (*_TABLES, "ignore", "delimiter", "encoding", "dates")
_SKIP = "skip"
_TABLE_LINE = re.compile(r"\s*\[\s*([A-Za-z0-9_-]+)\s*\]")
_KEY_LINE = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*=""")


def read_mapping(
    file: Path, *, languages: Sequence[str], attributes: Collection[str]
) -> ListMapping:
    """The mapping in `file`, for a site with these languages and declared attributes.

    Raises FaultyFile with every fault and its line, in one go.
    """
    faults = Faults(str(file))
    tables = read_toml(file, faults)
    reading = _Reading(tables, _key_lines(file.read_text(encoding="utf-8-sig")), faults)
    for key in tables:
        if key not in _KEYS:
            reading.add("", key, f"{key}: there is no such key", did_you_mean(key, _KEYS))
    mapping = ListMapping(
        file=file,
        columns={Holds(key): word for key, word in reading.words("columns", list(Holds)).items()},
        attributes=reading.words("attributes", [TAGS, *attributes]),
        statuses={
            word.casefold(): _verdict(word, standing)
            for word, standing in reading.meanings("statuses", [*Standing, _SKIP]).items()
        },
        languages=reading.meanings("languages", languages),
        ignored=reading.names("ignore"),
        delimiter=reading.choice("delimiter", {mark: mark for mark in DELIMITERS}),
        encoding=reading.choice("encoding", NAMED_ENCODINGS),
        dates=reading.choice("dates", {order.value: order for order in DateOrder}),
        lines=reading.lines,
    )
    faults.raise_if_any()
    return mapping


class _Reading:
    """The tables of a mapping file, read one by one, each fault noted with its line."""

    def __init__(
        self, tables: Mapping[str, Any], lines: Mapping[tuple[str, str], int], faults: Faults
    ) -> None:
        self._tables = tables
        self._faults = faults
        self.lines = lines

    def add(self, table: str, key: str, message: str, cure: str | None = None) -> None:
        """Notes one fault at the line of a key."""
        self._faults.add(self.lines.get((table, key)), message, cure)

    def words(self, table: str, keys: Collection[str]) -> dict[str, str]:
        """A table whose keys are ours and whose words are the list's."""
        entries = self._entries(table)
        for key in entries.keys() - set(keys):
            cure = did_you_mean(key, keys) if keys else None
            if table == "attributes":
                cure = (
                    f"declare [attributes.{key}] in newsletter.toml, or see whether it is spelt so"
                )
            self.add(table, key, f"{table}.{key}: there is none called so", cure)
        return {key: word for key, word in entries.items() if key in keys}

    def meanings(self, table: str, choices: Collection[str]) -> dict[str, str]:
        """A table whose keys are the list's words and whose values are among ours."""
        entries = self._entries(table)
        for word, meaning in entries.items():
            if meaning not in choices:
                message = f'{table}."{word}": there is no "{meaning}"'
                self.add(table, word, message, did_you_mean(meaning, choices))
        return {word: meaning for word, meaning in entries.items() if meaning in choices}

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names."""
        value = self._tables.get(key, [])
        if isinstance(value, list) and all(isinstance(name, str) for name in value):
            return tuple(value)
        self.add("", key, f"{key}: this is not a list of names", f'write {key} = ["Name"]')
        return ()

    def choice(self, key: str, choices: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the choices are
        """One of our own words, as what it stands for; None when it is not said."""
        value = self._tables.get(key)
        if value is None:
            return None
        known = str(value).lower()
        if known not in choices:
            shown = [repr(choice)[1:-1] for choice in choices]
            self.add("", key, f"{key}: there is no {value!r}", did_you_mean(known, shown))
        return choices.get(known)

    def _entries(self, table: str) -> dict[str, str]:
        value = self._tables.get(table, {})
        if not isinstance(value, dict):
            self.add("", table, f"{table}: this is not a table", f"write [{table}]")
            return {}
        for key, word in value.items():
            if not isinstance(word, str) or not word.strip():
                self.add(table, key, f"{table}.{key}: this is not text", f'write {key} = "…"')
        return {key: word for key, word in value.items() if isinstance(word, str) and word.strip()}


def _verdict(word: str, standing: str) -> Verdict:
    if standing == _SKIP:
        return passed_over(f'the mapping skips the status "{word}"')
    if standing == Standing.SUPPRESSED:
        return suppressed(SuppressionReason.IMPORTED, f'the list says "{word}"')
    return Verdict(Standing(standing))


def _key_lines(text: str) -> dict[tuple[str, str], int]:
    # tomllib tells no lines. Keys are found where they begin a line, as people write them.
    lines: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if opened := _TABLE_LINE.match(line):
            table = opened[1]
            lines.setdefault(("", table), number)
        elif key := _KEY_LINE.match(line):
            lines.setdefault((table, key[1] or key[2] or key[3]), number)
    return lines
