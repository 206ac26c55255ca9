"""Section kinds as JSON: what they declare, and the JSON Schema of a section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.composer.kinds.kinds import Field, FieldType, ImageRule, SectionKind
from newsletter.domain.control_characters import CONTROLS

_ONE_LINE = f"^[^{CONTROLS}]*$"
_SLUG = "^[a-z0-9][a-z0-9-]{0,63}$"
_PATTERNS: Mapping[FieldType, str] = {
    FieldType.DATE: r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2})?$",
    FieldType.SIZE: r"^\d{1,4}(\.\d)? ?(kB|KB|MB|GB)$",
}
_CROP = r"^[1-9][0-9]?:[1-9][0-9]?$"
_FOCUS = r"^[0-9]{1,3}% [0-9]{1,3}%$"


def kind_as_json(kind: SectionKind) -> dict[str, Any]:
    """What the kind's `section.toml` says, as `newsletter sections KIND --json` prints it."""
    return {
        "kind": kind.name,
        "labels": dict(kind.labels),
        "fields": [_field_as_json(field) for field in kind.fields],
    }


def kind_json_schema(kind: SectionKind, languages: Sequence[str]) -> dict[str, Any]:
    """A JSON Schema (2020-12) of one section of this kind in an edition in `languages`.

    It asks for what may be composed: a missing translation passes, as it does when read.
    """
    only_for = {"language": {"enum": list(languages)}, "segment": _text(_SLUG)}
    own = {
        "kind": {"const": kind.name},
        "id": _text(_SLUG),
        "only_for": _object(only_for, []),
    }
    schema = _fields_schema(kind.fields, languages)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        **_object({**own, **schema["properties"]}, ["kind", *schema["required"]]),
    }


def _field_as_json(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": field.name,
        "type": field.type.value,
        "required": field.required,
        "max_length": field.max_length,
        "neutral": field.neutral,
        "labels": dict(field.labels),
        "help": dict(field.help),
        "fields": [_field_as_json(inner) for inner in field.fields],
    }
    if field.type is FieldType.CHOICE:
        told["options"] = {name: dict(labels) for name, labels in field.options.items()}
    elif field.type is FieldType.IMAGE:
        told["image"] = _image_as_json(field.image)
    elif field.item is not None:
        told["item"] = _field_as_json(field.item)
        told["min_items"], told["max_items"] = field.min_items, field.max_items
    return told


def _image_as_json(rule: ImageRule) -> dict[str, Any]:
    crop = f"{rule.crop.numerator}:{rule.crop.denominator}" if rule.crop else None
    return {"width": rule.width, "crop": crop, "positions": dict(rule.positions)}


def _fields_schema(fields: Sequence[Field], languages: Sequence[str]) -> dict[str, Any]:
    return _object(
        {field.name: _field_schema(field, languages) for field in fields},
        [field.name for field in fields if field.required],
    )


def _field_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    return {**_described(field, languages), **_value_schema(field, languages)}


def _value_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    match field.type:
        case FieldType.GROUP:
            return _fields_schema(field.fields, languages)
        case FieldType.IMAGE:
            return _image_schema(field, languages)
        case FieldType.LIST:
            return _list_schema(field, languages)
        case FieldType.CHOICE:
            return {"enum": list(field.options)}
        case FieldType.DATE | FieldType.SIZE:
            return _text(_PATTERNS[field.type])
        case _:
            return _words_schema(field, languages)


def _list_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "minItems": field.min_items}
    if field.item is not None:
        schema["items"] = _field_schema(field.item, languages)
    if field.max_items is not None:
        schema["maxItems"] = field.max_items
    return schema


def _image_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    alt = Field("alt", FieldType.WORDS, max_length=field.max_length)
    properties: dict[str, Any] = {
        "src": _text(r"^(?!/)[^\\]+$"),
        "alt": _words_schema(alt, languages),
        "decorative": {"type": "boolean"},
        "crop": _text(_CROP),
        "focus": _text(_FOCUS),
    }
    if field.image.positions:
        properties["position"] = {"enum": list(field.image.positions)}
    return _object(properties, ["src"])


def _words_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    text: dict[str, Any] = {"type": ["string", "number"] if field.neutral else "string"}
    if field.max_length is not None:
        text["maxLength"] = field.max_length
    if field.type is not FieldType.RICH_TEXT:
        text["pattern"] = _ONE_LINE
    by_language = _object(dict.fromkeys(languages, text), [])
    may_be_plain = field.neutral or field.type is FieldType.URL or len(languages) == 1
    return {"anyOf": [text, by_language]} if may_be_plain else by_language


def _described(field: Field, languages: Sequence[str]) -> dict[str, str]:
    for language in (*languages, *field.help):
        if language in field.help:
            return {"description": field.help[language]}
    return {}


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
