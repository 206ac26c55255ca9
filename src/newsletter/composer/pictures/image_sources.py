"""Which images an edition shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from newsletter.composer.kinds.kinds import Catalogue, Field, FieldType
from newsletter.composer.kinds.section_kinds import kind_of
from newsletter.domain.editions import EditionContent, Value


def image_sources(content: EditionContent, catalogue: Catalogue) -> tuple[str, ...]:
    """The `src` of every image in the edition, in order, each once: what the caller should read."""
    found: dict[str, None] = {}
    for position, section in enumerate(content.sections, start=1):
        for field in kind_of(section, position, catalogue).fields:
            found.update(dict.fromkeys(_sources(field, section.fields.get(field.name))))
    return tuple(found)


def _sources(field: Field, value: Value) -> Iterator[str]:
    if field.type is FieldType.LIST and field.item is not None and isinstance(value, Sequence):
        for item in value:
            yield from _sources(field.item, item)
    elif isinstance(value, Mapping):
        if field.type is FieldType.GROUP:
            for inner in field.fields:
                yield from _sources(inner, value.get(inner.name))
        elif field.type is FieldType.IMAGE and isinstance(value.get("src"), str):
            yield str(value["src"])
