"""What a `section.toml` may say of a section kind, read into fields or refused with every fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.composer.kinds.kinds import OWN_KEYS, Field, FieldType, SectionKind
from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.toml_source import read_toml, read_words_table, refuse_unknown

KIND_NAME = re.compile(r"[a-z][a-z0-9-]*")

_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEXTS = (FieldType.WORDS, FieldType.RICH_TEXT, FieldType.URL)
_FIELD_KEYS = ("type", "required", "max_length", "neutral", "help", "labels", "fields")


def read_section_toml(file: Path) -> SectionKind:
    """The kind that `file` declares, named for its folder.

    Raises `FaultyFile`, naming the keys (`fields.heading.type`), when it declares none.
    """
    faults = Faults(str(file))
    table = read_toml(file, faults)
    name = file.parent.name
    if not KIND_NAME.fullmatch(name):
        faults.add(None, f'a kind cannot be called "{name}"', "use small letters, digits and -")
    refuse_unknown(table, ("labels", "fields"), "", faults)
    labels = read_words_table(table.get("labels"), "labels", faults)
    if not labels:
        faults.add(None, "labels are missing", 'write [labels] with en = "…" for each language')
    fields = _fields(table.get("fields"), "fields", faults)
    faults.raise_if_any()
    return SectionKind(name, labels, fields, file.parent)


def _fields(tables: object, path: str, faults: Faults) -> tuple[Field, ...]:
    if not isinstance(tables, dict) or not tables:
        faults.add(None, f"{path}: no field is declared", f"write [{path}.heading] and its type")
        return ()
    return tuple(_field(name, table, f"{path}.{name}", faults) for name, table in tables.items())


def _field(name: str, table: object, path: str, faults: Faults) -> Field:
    if not _FIELD_NAME.fullmatch(name) or (path.count(".") == 1 and name in OWN_KEYS):
        cure = f"use small letters, digits and _, and none of {', '.join(OWN_KEYS)}"
        faults.add(None, f'{path}: a field cannot be called "{name}"', cure)
    if not isinstance(table, dict):
        faults.add(
            None, f"{path}: this is not a table", f'write [{path}] and below it type = "words"'
        )
        return Field(name, FieldType.WORDS)
    refuse_unknown(table, _FIELD_KEYS, path, faults)
    kind = _type(table, path, faults)
    return Field(
        name,
        kind,
        required=_truth(table, "required", path, faults),
        max_length=_max_length(table, kind, path, faults),
        neutral=_neutral(table, kind, path, faults),
        labels=read_words_table(table.get("labels"), f"{path}.labels", faults),
        help=read_words_table(table.get("help"), f"{path}.help", faults),
        fields=_inner_fields(table, kind, path, faults),
    )


def _type(table: Mapping[str, Any], path: str, faults: Faults) -> FieldType:
    text = str(table.get("type", ""))
    types = [each.value for each in FieldType]
    if text not in types:
        problem = f'there is no type "{text}"' if text else "it is missing"
        faults.add(None, f"{path}.type: {problem}", did_you_mean(text, types))
        return FieldType.WORDS
    return FieldType(text)


def _truth(table: Mapping[str, Any], key: str, path: str, faults: Faults) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        faults.add(None, f"{path}.{key}: this is not a yes or no", "write true or false")
    return value is True


def _neutral(table: Mapping[str, Any], kind: FieldType, path: str, faults: Faults) -> bool:
    neutral = _truth(table, "neutral", path, faults)
    if neutral and kind not in _TEXTS:
        cure = f"leave it to fields of {', '.join(_TEXTS)}"
        faults.add(None, f"{path}.neutral: a field of type {kind} has no words", cure)
    return neutral


def _max_length(table: Mapping[str, Any], kind: FieldType, path: str, faults: Faults) -> int | None:
    value = table.get("max_length")
    if value is None:
        return None
    if kind is FieldType.GROUP:
        faults.add(None, f"{path}.max_length: a group has no length", "give it to its fields")
    elif not isinstance(value, int) or isinstance(value, bool) or value < 1:
        faults.add(None, f"{path}.max_length: this is not a number of characters", "write 80")
    else:
        return value
    return None


def _inner_fields(
    table: Mapping[str, Any], kind: FieldType, path: str, faults: Faults
) -> tuple[Field, ...]:
    if kind is FieldType.GROUP:
        return _fields(table.get("fields"), f"{path}.fields", faults)
    if "fields" in table:
        faults.add(None, f"{path}.fields: only a group has fields", 'write type = "group"')
    return ()
