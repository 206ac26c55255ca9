"""The fields of a section, from nodes of YAML to values as the kind declares them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from newsletter.composer.edition_files.words_reading import (
    Reading,
    TextRule,
    is_null,
    read_text,
    read_words,
)
from newsletter.composer.kinds.crops import read_crop, read_focus
from newsletter.composer.kinds.kinds import Field, FieldType
from newsletter.composer.kinds.moments import read_moment
from newsletter.composer.kinds.sizes import read_size
from newsletter.composer.sources.faults import did_you_mean
from newsletter.composer.sources.inside_path import path_fault
from newsletter.composer.sources.yaml_nodes import (
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
    ScalarKind,
)
from newsletter.domain.editions import Value

ReadKey: TypeAlias = Callable[[Entry, str, Reading], Value]
"""Reads the value behind one key at a dotted path; None when there is none, or only a fault."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mapping may hold: a reader for each key, and the required keys.

    `owner` is what messages call the mapping.
    """

    owner: str
    keys: Mapping[str, ReadKey]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a text must look like, and the cure when it does not."""

    fits: Callable[[str], bool]
    cure: str


def read_section_fields(
    fields: Sequence[Field], node: MappingNode, kind: str, reading: Reading
) -> dict[str, Value]:
    """The values of a section of `kind`, whose `node` holds nothing but its fields."""
    return read_mapping(_shape(fields, kind), node, "", reading)


def read_mapping(shape: Shape, node: MappingNode, path: str, reading: Reading) -> dict[str, Value]:
    """The values of `node` in the author's order; `path` is "" or ends where its keys begin.

    An unknown key is a fault, and so is a required one that is absent altogether.
    """
    values: dict[str, Value] = {}
    for entry in node.entries:
        if entry.key not in shape.keys:
            message = f'{shape.owner} has no "{entry.key}"'
            reading.faults.add(entry.line, message, did_you_mean(entry.key, shape.keys))
            continue
        inner = f"{path}.{entry.key}" if path else entry.key
        reading.lines[inner] = entry.line
        value = shape.keys[entry.key](entry, inner, reading)
        if value is not None:
            values[entry.key] = value
    for key in shape.required:
        if node.get(key) is None:
            reading.faults.add(node.line, f'{shape.owner} lacks "{key}"', f"add {key}: …")
    return values


def _shape(fields: Sequence[Field], owner: str) -> Shape:
    return Shape(
        owner,
        {field.name: partial(_READERS[field.type], field) for field in fields},
        tuple(field.name for field in fields if field.required),
    )


def _read_words(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    if is_null(entry.value):
        # A required field with nothing in it lacks every language: the checks say so.
        return {} if field.required else None
    rule = TextRule(field.type is FieldType.RICH_TEXT, field.max_length, numbers=field.neutral)
    return read_words(entry, path, rule, reading)


def _read_group(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    return _inner(_shape(field.fields, f'"{path}"'), field, entry, path, reading)


def _read_image(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    alt = partial(_read_words, Field("alt", FieldType.WORDS, max_length=field.max_length))
    keys: dict[str, ReadKey] = {
        "src": _read_path,
        "alt": alt,
        "decorative": _read_truth,
        "crop": partial(_read_pattern, _CROP),
        "focus": partial(_read_pattern, _FOCUS),
    }
    if field.image.positions:
        keys["position"] = partial(_read_option, field.image.positions)
    return _inner(Shape(f'"{path}"', keys, ("src",)), field, entry, path, reading)


def _read_choice(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    return _read_option(field.options, entry, path, reading)


def _read_date(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    return _read_pattern(_DATE, entry, path, reading)


def _read_size(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    return _read_pattern(_SIZE, entry, path, reading)


def _read_list(field: Field, entry: Entry, path: str, reading: Reading) -> Value:
    node = entry.value
    if is_null(node) and not field.required:
        return None
    if not isinstance(node, ListNode):
        cure = f"write a dash before each, on a line of its own below {entry.start}"
        reading.faults.add(entry.line, f'"{path}" is not a list', cure)
        return None
    _check_length(field, len(node.items), entry, path, reading)
    items = [
        _read_item(field, item, number, path, reading)
        for number, item in enumerate(node.items, start=1)
    ]
    return [item for item in items if item is not None]


def _read_item(field: Field, node: Node, number: int, path: str, reading: Reading) -> Value:
    assert field.item is not None  # noqa: S101 - a list without items is a fault of its kind
    entry, inner = Entry(str(number), node.line, node), f"{path}.{number}"
    reading.lines[inner] = node.line
    return _READERS[field.item.type](field.item, entry, inner, reading)


def _check_length(field: Field, length: int, entry: Entry, path: str, reading: Reading) -> None:
    if length < field.min_items:
        cure = f"write at least {field.min_items}, or leave the section out"
        reading.faults.add(entry.line, f'"{path}" has {length} of them', cure)
    if field.max_items is not None and length > field.max_items:
        cure = f"keep {field.max_items}, or make a second section"
        reading.faults.add(entry.line, f'"{path}" has {length} of them', cure)


def _read_option(options: Iterable[str], entry: Entry, path: str, reading: Reading) -> Value:
    if is_null(entry.value):
        return None
    text = read_text(entry, path, TextRule(), reading)
    if text is not None and text not in options:
        cure = did_you_mean(text, options)
        reading.faults.add(entry.line, f'"{path}" cannot be "{text}"', cure)
        return None
    return text


def _read_pattern(pattern: Pattern, entry: Entry, path: str, reading: Reading) -> Value:
    if is_null(entry.value):
        return None
    text = read_text(entry, path, TextRule(), reading)
    if text is not None and not pattern.fits(text):
        reading.faults.add(entry.line, f'"{path}" cannot be "{text}"', pattern.cure)
        return None
    return text


def _inner(
    shape: Shape, field: Field, entry: Entry, path: str, reading: Reading
) -> dict[str, Value] | None:
    node = entry.value
    if isinstance(node, MappingNode):
        return read_mapping(shape, node, path, reading)
    if field.required or not is_null(node):
        inside = ", ".join(f"{key}: …" for key in shape.keys)
        cure = f"write {entry.start} {{{inside}}}"
        reading.faults.add(entry.line, f'"{path}" is not a mapping', cure)
    return None


def _read_path(entry: Entry, path: str, reading: Reading) -> Value:
    text = read_text(entry, path, TextRule(), reading)
    if text is None:
        return None
    wrong = path_fault(text)
    if wrong:
        cure = "name a file beside the edition, such as images/report.jpg"
        reading.faults.add(entry.line, f'"{path}" {wrong}: {text}', cure)
        return None
    return text


def _read_truth(entry: Entry, path: str, reading: Reading) -> Value:
    node = entry.value
    if isinstance(node, Scalar) and node.kind is ScalarKind.BOOLEAN:
        return node.text.lower() == "true"
    if not is_null(node):
        reading.faults.add(entry.line, f'"{path}" is not a yes or no', "write true or false")
    return None


_CROP = Pattern(lambda text: read_crop(text) is not None, "write width to height, such as 3:2")
_FOCUS = Pattern(
    lambda text: read_focus(text) is not None,
    "write how far the point that matters is from the left and the top, such as 50% 30%",
)
_DATE = Pattern(
    lambda text: read_moment(text) is not None,
    "write year, month and day, and the time if there is one: 2026-11-03 or 2026-11-03 19:00",
)
_SIZE = Pattern(lambda text: read_size(text) is not None, "write 1.4 MB or 350 kB")

_READERS: Mapping[FieldType, Callable[[Field, Entry, str, Reading], Value]] = {
    FieldType.WORDS: _read_words,
    FieldType.RICH_TEXT: _read_words,
    FieldType.URL: _read_words,
    FieldType.EMAIL: _read_words,
    FieldType.PHONE: _read_words,
    FieldType.CHOICE: _read_choice,
    FieldType.DATE: _read_date,
    FieldType.SIZE: _read_size,
    FieldType.IMAGE: _read_image,
    FieldType.GROUP: _read_group,
    FieldType.LIST: _read_list,
}
