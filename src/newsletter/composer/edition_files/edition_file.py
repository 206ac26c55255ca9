"""Reading an edition file: what its author wrote, or every fault in one go.

What cannot be read as an edition is a fault here. What can be composed but must not be sent (a
missing translation, an empty subject, a missing image) is kept as it was written, and the checks
report it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter.composer.edition_files.field_reading import read_mapping
from newsletter.composer.edition_files.head_reading import EDITION, languages_of
from newsletter.composer.edition_files.section_reading import read_section, read_sections
from newsletter.composer.edition_files.words_reading import Reading
from newsletter.composer.kinds.kinds import Catalogue, SectionKind
from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.yaml_nodes import MappingNode, Node
from newsletter.composer.sources.yaml_source import read_yaml
from newsletter.domain.editions import EditionContent, Form, Section, Value


def read_edition(data: bytes, file: str, catalogue: Catalogue) -> EditionContent:
    """What the author wrote in `data`; `file` is the name that faults and findings give.

    Raises `FaultyFile` with every fault that is found.
    """
    faults = Faults(file)
    node = _mapping(read_yaml(data, faults), faults)
    reading = Reading(languages_of(node), faults)
    values = read_mapping(EDITION, node, "", reading)
    sections = read_sections(node, catalogue, reading)
    faults.raise_if_any()
    return EditionContent(
        slug=str(values["edition"]),
        topic=str(values["topic"]),
        languages=tuple(reading.languages),
        subject=_by_language(values.get("subject"), reading.languages),
        preheader=_by_language(values.get("preheader"), reading.languages),
        sections=sections,
        form=Form(str(values.get("form") or Form.SEPARATE)),
        segment=_text_or_none(values.get("segment")),
        file=file,
        lines=reading.lines,
    )


def read_sample(kind: SectionKind, languages: Sequence[str]) -> Section:
    """The section in the kind's own `sample.yaml`, which speaks `languages`.

    The program itself reads no samples: this is how the tests of the sections compose every kind.

    Raises `FaultyFile` when it is not a section of that kind, OSError when there is no such file.
    """
    faults = Faults(str(kind.sample_file))
    node = read_yaml(kind.sample_file.read_bytes(), faults)
    section = read_section(node, {kind.name: kind}, Reading(languages, faults))
    faults.raise_if_any()
    assert section is not None  # noqa: S101 - or a fault says why
    return section


def _mapping(node: Node, faults: Faults) -> MappingNode:
    if not isinstance(node, MappingNode):
        faults.stop(node.line, "this is not an edition", 'begin with: edition: "2026-10"')
    return node


def _text_or_none(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _by_language(words: Value, languages: Sequence[str]) -> Mapping[str, str]:
    """Words by language; a plain text is in the edition's first."""
    if isinstance(words, Mapping):
        return {language: str(text) for language, text in words.items()}
    return {languages[0]: words} if isinstance(words, str) else {}
