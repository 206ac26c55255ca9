"""Which column of a list holds what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.app.list_files.holdings import Holds
from newsletter.app.list_files.mappings import NO_MAPPING, ListMapping
from newsletter.app.list_files.presets import PLAIN, Preset
from newsletter.app.list_files.tables import ListTable, faulty, folded
from newsletter.domain.errors import Fault, FaultyFile
from newsletter.domain.suggestions import nearest

_OF_REJECTED_ROWS = frozenset({"row", "reason"})
"""The columns that a reject file has before those of the list itself."""
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a list's header puts what is read, counted from 0.

    `places` has more than one place where an empty cell gives way to the next; `attributes` are by
    their declared names; `unread` are the names of the columns that are not read.
    """

    places: Mapping[Holds, tuple[int, ...]]
    attributes: Mapping[str, int]
    unread: tuple[str, ...]


def has_addresses(header: Sequence[str], mapping: ListMapping = NO_MAPPING) -> bool:
    """Whether a row may be the header of a list: one of its cells names a column of addresses."""
    named = mapping.columns.get(Holds.EMAIL)
    names = {folded(named)} if named else set(PLAIN.columns[Holds.EMAIL])
    return not names.isdisjoint(map(folded, header))


def attribute_name(column: str) -> str:
    """The name that an attribute would have to hold a column: `phone_number` for Phone Number."""
    return _NO_LETTER.sub("_", folded(column)).strip("_")


def find_columns(
    table: ListTable,
    preset: Preset,
    mapping: ListMapping,
    declared: Iterable[str],
) -> Columns:
    """The columns by the mapping, then by the preset, then by the attributes' names.

    Raises FaultyFile when the mapping names a column that is not there, when a column that is read
    stands there twice, or when none holds addresses.
    """
    names = [folded(name) for name in table.header]
    _check_mapping(table.header, names, mapping)
    free = [name for name in names if name not in mapping.named_columns]
    places = _places(names, free, preset, mapping)
    if Holds.EMAIL not in places:
        raise _without_addresses(table)
    taken = {names[place] for group in places.values() for place in group}
    attributes = _attributes(names, [name for name in free if name not in taken], mapping, declared)
    taken |= {names[place] for place in attributes.values()}
    _check_repeats(table, names, taken)
    known = taken | mapping.named_columns | preset.unread | _OF_REJECTED_ROWS
    unread = [table.header[at] for at, name in enumerate(names) if name and name not in known]
    return Columns(places, attributes, tuple(unread))


def _places(
    names: Sequence[str], free: Sequence[str], preset: Preset, mapping: ListMapping
) -> dict[Holds, tuple[int, ...]]:
    places = {
        held: tuple(names.index(name) for name in known if name in free)
        for held, known in preset.columns.items()
    }
    places[Holds.EMAIL] = places[Holds.EMAIL][:1]
    told = {held: (names.index(folded(name)),) for held, name in mapping.columns.items()}
    return {held: group for held, group in (places | told).items() if group}


def _attributes(
    names: Sequence[str], free: Sequence[str], mapping: ListMapping, declared: Iterable[str]
) -> dict[str, int]:
    found = {attribute_name(name): names.index(name) for name in reversed(free)}
    told = {name: names.index(folded(column)) for name, column in mapping.attributes.items()}
    return {name: found[name] for name in declared if name in found} | told


def _check_mapping(header: Sequence[str], names: Sequence[str], mapping: ListMapping) -> None:
    faults = [
        Fault(
            str(mapping.file),
            line,
            f'the list has no column "{column}"',
            f'did you mean "{near}"?' if (near := nearest(column, header)) else None,
        )
        for column, line in mapping.columns_by_line()
        if folded(column) not in names
    ]
    if faults:
        raise FaultyFile(faults)


def _check_repeats(table: ListTable, names: Sequence[str], taken: Iterable[str]) -> None:
    faults = [
        Fault(
            str(table.file),
            table.header_line,
            f"the column {name} is there {names.count(name)} times",
            "call one of them otherwise",
        )
        for name in sorted(taken)
        if names.count(name) > 1
    ]
    if faults:
        raise FaultyFile(faults)


def _without_addresses(table: ListTable) -> FaultyFile:
    if any("@" in name for name in table.header):
        cure = "put a first line before it that names the columns, such as email,name,language"
        return faulty(
            table.file, table.header_line, "the first line is a row and not a header", cure
        )
    lowered = {name.lower(): name for name in table.header}
    near = nearest("email", lowered, likeness=0.4)
    cure = (
        f'did you mean "{lowered[near]}"? Call it email'
        if near
        else "call the column with the addresses email, or name it in a mapping (--mapping)"
    )
    shown = ", ".join(table.header[:20])
    return faulty(
        table.file, table.header_line, f"no column is called email; there are {shown}", cure
    )
