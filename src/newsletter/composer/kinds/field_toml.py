"""The fields of a section kind, from the tables of its `section.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.composer.kinds.image_toml import read_image_rule
from newsletter.composer.kinds.kinds import CalendarRule, Field, FieldType, ImageRule
from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.toml_source import read_words_table, refuse_unknown

_LONGEST = {FieldType.RICH_TEXT: 20_000}
"""How long a text may be whose kind does not say: Markdown takes long over longer ones."""

_ALWAYS_NEUTRAL = frozenset({FieldType.EMAIL, FieldType.PHONE})

_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OPTION = re.compile(r"[a-z][a-z0-9-]*")
_SHARED_KEYS = ("type", "required", "help", "labels")
_TEXT_KEYS = (*_SHARED_KEYS, "max_length", "neutral")
_KEYS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.WORDS: _TEXT_KEYS,
    FieldType.RICH_TEXT: _TEXT_KEYS,
    FieldType.URL: _TEXT_KEYS,
    FieldType.EMAIL: (*_SHARED_KEYS, "max_length"),
    FieldType.PHONE: (*_SHARED_KEYS, "max_length"),
    FieldType.CHOICE: (*_SHARED_KEYS, "options"),
    FieldType.DATE: _SHARED_KEYS,
    FieldType.SIZE: _SHARED_KEYS,
    FieldType.IMAGE: (*_SHARED_KEYS, "max_length", "width", "crop", "positions"),
    FieldType.GROUP: (*_SHARED_KEYS, "fields", "calendar"),
    FieldType.LIST: (*_SHARED_KEYS, "item", "min_items", "max_items"),
}
"""What may be said of a field of each type."""


@dataclass(frozen=True, slots=True)
class _Table:
    """One field's table, at its path, and where its faults go."""

    keys: Mapping[str, Any]
    path: str
    faults: Faults

    def fault(self, key: str, message: str, cure: str | None = None) -> None:
        self.faults.add(None, f"{self.path}.{key}: {message}", cure)


def read_fields(tables: object, path: str, faults: Faults) -> tuple[Field, ...]:
    """The fields that `tables` declare, in order; what is wrong with them is noted in `faults`."""
    if not isinstance(tables, dict) or not tables:
        faults.add(None, f"{path}: no field is declared", f"write [{path}.heading] and its type")
        return ()
    return tuple(_field(name, table, f"{path}.{name}", faults) for name, table in tables.items())


def _field(name: str, keys: object, path: str, faults: Faults) -> Field:
    if not _FIELD_NAME.fullmatch(name):
        cure = "use small letters, digits and _"
        faults.add(None, f'{path}: a field cannot be called "{name}"', cure)
    if not isinstance(keys, dict):
        cure = f'write [{path}] and below it type = "words"'
        faults.add(None, f"{path}: this is not a table", cure)
        return Field(name, FieldType.WORDS)
    table = _Table(keys, path, faults)
    kind = _type(table)
    if kind is None:
        return Field(name, FieldType.WORDS)
    refuse_unknown(keys, _KEYS[kind], path, faults)
    return _read(name, kind, table)


def _read(name: str, kind: FieldType, table: _Table) -> Field:
    return Field(
        name,
        kind,
        required=_truth(table, "required"),
        max_length=_number(table, "max_length", least=1) or _LONGEST.get(kind),
        neutral=_truth(table, "neutral") or kind in _ALWAYS_NEUTRAL,
        labels=read_words_table(table.keys.get("labels"), f"{table.path}.labels", table.faults),
        help=read_words_table(table.keys.get("help"), f"{table.path}.help", table.faults),
        fields=_inner_fields(kind, table),
        options=_options(table) if kind is FieldType.CHOICE else {},
        image=_image_rule(kind, table),
        item=_item(table) if kind is FieldType.LIST else None,
        min_items=_number(table, "min_items", least=0) or 0,
        max_items=_number(table, "max_items", least=1),
        calendar=_calendar(table) if "calendar" in table.keys else None,
    )


def _type(table: _Table) -> FieldType | None:
    text = str(table.keys.get("type", ""))
    types = [each.value for each in FieldType]
    if text in types:
        return FieldType(text)
    problem = f'there is no type "{text}"' if text else "it is missing"
    table.fault("type", problem, did_you_mean(text, types))
    return None


def _truth(table: _Table, key: str) -> bool:
    value = table.keys.get(key, False)
    if not isinstance(value, bool):
        table.fault(key, "this is not a yes or no", "write true or false")
    return value is True


def _number(table: _Table, key: str, *, least: int) -> int | None:
    value = table.keys.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        table.fault(key, "this is not a number that fits", f"write {least} or more")
        return None
    return value


def _inner_fields(kind: FieldType, table: _Table) -> tuple[Field, ...]:
    if kind is not FieldType.GROUP:
        return ()
    return read_fields(table.keys.get("fields"), f"{table.path}.fields", table.faults)


def _image_rule(kind: FieldType, table: _Table) -> ImageRule:
    if kind is not FieldType.IMAGE:
        return ImageRule()
    return read_image_rule(table.keys, table.path, table.faults)


def _item(table: _Table) -> Field | None:
    if "item" not in table.keys:
        table.fault("item", "it is missing", f"write [{table.path}.item] and its type")
        return None
    return _field("item", table.keys["item"], f"{table.path}.item", table.faults)


def _options(table: _Table) -> Mapping[str, Mapping[str, str]]:
    options = table.keys.get("options")
    cure = 'write options.above = { en = "Above", cy = "Uwchben" } and at least one more'
    if not isinstance(options, dict) or len(options) < 2:
        table.fault("options", "there is nothing to choose from", cure)
        return {}
    for name in options:
        if not _OPTION.fullmatch(name):
            table.fault("options", f'an option cannot be called "{name}"', "use small letters")
    return {
        name: read_words_table(labels, f"{table.path}.options.{name}", table.faults)
        for name, labels in options.items()
    }


def _calendar(table: _Table) -> CalendarRule | None:
    rule = table.keys["calendar"]
    fields = table.keys.get("fields", {})
    cure = 'write calendar = { summary = "title", start = "start" }, naming fields of the group'
    if not isinstance(rule, dict) or not {"summary", "start"} <= rule.keys():
        table.fault("calendar", "it does not say which fields are its summary and start", cure)
        return None
    refuse_unknown(
        rule, ("summary", "start", "end", "location"), f"{table.path}.calendar", table.faults
    )
    unknown = [str(name) for name in rule.values() if name not in fields]
    if unknown:
        table.fault("calendar", f'the group has no field "{unknown[0]}"', cure)
        return None
    return CalendarRule(
        rule["summary"], rule["start"], rule.get("end", ""), rule.get("location", "")
    )
