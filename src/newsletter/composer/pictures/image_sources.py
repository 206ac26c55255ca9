"""Which images an edition shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter.composer.kinds.kinds import Catalogue, Field, FieldType
from newsletter.composer.kinds.section_kinds import kind_of
from newsletter.domain.editions import EditionContent, Value


def image_sources(content: EditionContent, catalogue: Catalogue) -> tuple[str, ...]:
    """The `src` of every image in the edition, in order, each once: what the caller should read."""
    found: dict[str, None] = {}
    for position, section in enumerate(content.sections, start=1):
        for source in _sources(kind_of(section, position, catalogue).fields, section.fields):
            found[source] = None
    return tuple(found)


def _sources(fields: tuple[Field, ...], values: Mapping[str, Value]) -> Iterator[str]:
    for field in fields:
        value = values.get(field.name)
        if not isinstance(value, Mapping):
            continue
        if field.type is FieldType.GROUP:
            yield from _sources(field.fields, value)
        elif field.type is FieldType.IMAGE and isinstance(value.get("src"), str):
            yield str(value["src"])
