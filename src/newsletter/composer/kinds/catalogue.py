"""The section kinds that authors may use: found in template folders, and told as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsletter.composer.kinds.kinds import Catalogue, Field, FieldType, SectionKind
from newsletter.composer.kinds.section_toml import KIND_NAME, read_section_toml
from newsletter.composer.sources.faults import Faults
from newsletter.domain.control_characters import CONTROLS

_ONE_LINE = f"^[^{CONTROLS}]*$"


def load_catalogue(folders: Sequence[Path]) -> Catalogue:
    """Every kind under `sections/` of the folders, in the order of their names.

    The first folder that declares a kind wins. A folder may hold templates alone for a kind that
    another one declares. Raises `FaultyFile` for the first `section.toml` that is wrong, and for a
    kind that no folder declares.
    """
    declared: dict[str, SectionKind] = {}
    undeclared: dict[str, Path] = {}
    for folder in folders:
        for section in _section_folders(folder):
            if not (section / "section.toml").is_file():
                undeclared.setdefault(section.name, section)
            elif section.name not in declared:
                declared[section.name] = read_section_toml(section / "section.toml")
    for name in undeclared.keys() - declared.keys():
        cure = "add one, or name the folder after a kind whose templates it overrides"
        Faults(str(undeclared[name])).stop(None, "this kind has no section.toml", cure)
    return Catalogue({name: declared[name] for name in sorted(declared)}, tuple(folders))


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
    own = {
        "kind": {"const": kind.name},
        "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"},
        "only_for": _object({"language": {"enum": list(languages)}}, ["language"]),
    }
    schema = _fields_schema(kind.fields, languages)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        **_object({**own, **schema["properties"]}, ["kind", *schema["required"]]),
    }


def _section_folders(folder: Path) -> list[Path]:
    sections = folder / "sections"
    if not sections.is_dir():
        return []
    # Only what can be a kind, or says that it is one: not .git, __pycache__ and their like.
    return sorted(
        each
        for each in sections.iterdir()
        if each.is_dir() and (KIND_NAME.fullmatch(each.name) or (each / "section.toml").is_file())
    )


def _field_as_json(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type.value,
        "required": field.required,
        "max_length": field.max_length,
        "neutral": field.neutral,
        "labels": dict(field.labels),
        "help": dict(field.help),
        "fields": [_field_as_json(inner) for inner in field.fields],
    }


def _fields_schema(fields: Sequence[Field], languages: Sequence[str]) -> dict[str, Any]:
    return _object(
        {field.name: _field_schema(field, languages) for field in fields},
        [field.name for field in fields if field.required],
    )


def _field_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    if field.type is FieldType.GROUP:
        schema = _fields_schema(field.fields, languages)
    elif field.type is FieldType.IMAGE:
        schema = _image_schema(field, languages)
    else:
        schema = _words_schema(field, languages)
    return {**_described(field, languages), **schema}


def _image_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    alt = Field("alt", FieldType.WORDS, max_length=field.max_length)
    properties = {
        "src": {"type": "string", "pattern": r"^(?!/)[^\\]+$"},
        "alt": _words_schema(alt, languages),
        "decorative": {"type": "boolean"},
    }
    return _object(properties, ["src"])


def _words_schema(field: Field, languages: Sequence[str]) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
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


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
