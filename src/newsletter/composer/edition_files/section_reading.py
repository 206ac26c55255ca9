"""The sections of an edition: their kinds, ids, languages and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from newsletter.composer.edition_files.field_reading import read_section_fields
from newsletter.composer.edition_files.words_reading import Reading, TextRule, is_null, read_text
from newsletter.composer.kinds.kinds import MASTHEAD, OWN_KEYS, Catalogue, SectionKind
from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.yaml_nodes import Entry, ListNode, MappingNode, Node
from newsletter.domain.editions import EVERYONE, SLUG, OnlyFor, Section


def read_sections(node: MappingNode, catalogue: Catalogue, reading: Reading) -> tuple[Section, ...]:
    """The sections of the edition in `node`; those that cannot be read are left out, with faults.

    A missing key `sections` is not a fault of this function.
    """
    entry = node.get("sections")
    if entry is None:
        return ()
    if not isinstance(entry.value, ListNode) or not entry.value.items:
        cure = "write at least one section: - kind: letter"
        reading.faults.add(entry.line, '"sections" is not a list of sections', cure)
        return ()
    read = [
        read_section(item, catalogue.kinds, replace(reading, lines={}))
        for item in entry.value.items
    ]
    sections = tuple(section for section in read if section is not None)
    _refuse_repeated_ids(sections, reading.faults)
    _refuse_second_mastheads(read, reading.faults)
    return sections


def read_section(node: Node, kinds: Mapping[str, SectionKind], reading: Reading) -> Section | None:
    """The section in `node`, or None, with faults, when not even its kind can be read."""
    if not isinstance(node, MappingNode):
        cure = "write its kind and its fields: - kind: letter"
        reading.faults.add(node.line, "this is not a section", cure)
        return None
    reading.lines[""] = node.line
    own = {entry.key: entry for entry in node.entries if entry.key in OWN_KEYS}
    reading.lines.update((key, entry.line) for key, entry in own.items())
    identity, only_for = _read_id(own.get("id"), reading), _read_only_for(own, reading)
    kind = _read_kind(own.get("kind"), node, kinds, reading)
    if kind is None:
        return None
    rest = tuple(entry for entry in node.entries if entry.key not in OWN_KEYS)
    fields = read_section_fields(kind.fields, replace(node, entries=rest), kind.name, reading)
    return Section(kind.name, fields, identity, only_for, reading.lines)


def _read_kind(
    entry: Entry | None,
    node: MappingNode,
    kinds: Mapping[str, SectionKind],
    reading: Reading,
) -> SectionKind | None:
    if entry is None:
        cure = f"add kind: one of {', '.join(kinds)}"
        reading.faults.add(node.line, 'this section lacks "kind"', cure)
        return None
    name = read_text(entry, "kind", TextRule(), reading)
    if name is not None and name not in kinds:
        cure = did_you_mean(name, kinds)
        reading.faults.add(entry.line, f'there is no section kind "{name}"', cure)
    return None if name is None else kinds.get(name)


def _read_id(entry: Entry | None, reading: Reading) -> str | None:
    if entry is None or is_null(entry.value):
        return None
    text = read_text(entry, "id", TextRule(), reading)
    if text is not None and not SLUG.fullmatch(text):
        cure = "use small letters a-z, digits and hyphens; without an id it gets one at import"
        reading.faults.add(entry.line, f'"id" cannot be "{text}"', cure)
    return text


def _read_only_for(own: Mapping[str, Entry], reading: Reading) -> OnlyFor:
    entry = own.get("only_for")
    if entry is None or is_null(entry.value):
        return EVERYONE
    node = entry.value
    known = {"language": _read_language, "segment": _read_segment}
    if not isinstance(node, MappingNode) or not {one.key for one in node.entries} <= known.keys():
        example = reading.languages[0] if reading.languages else "cy"
        cure = f"write only_for: {{language: {example}}} or only_for: {{segment: NAME}}"
        reading.faults.add(entry.line, '"only_for" names no language and no segment', cure)
        return EVERYONE
    return OnlyFor(**{one.key: known[one.key](one, reading) for one in node.entries})


def _read_language(entry: Entry, reading: Reading) -> str | None:
    language = read_text(entry, "only_for.language", TextRule(), reading)
    if language is not None and reading.languages and language not in reading.languages:
        message = f'"only_for" names "{language}", which is not one of the languages'
        reading.faults.add(entry.line, message, did_you_mean(language, reading.languages))
    return language


def _read_segment(entry: Entry, reading: Reading) -> str | None:
    segment = read_text(entry, "only_for.segment", TextRule(), reading)
    if segment is not None and not SLUG.fullmatch(segment):
        cure = "use the name of a segment: small letters, digits and hyphens"
        reading.faults.add(entry.line, f'"only_for.segment" cannot be "{segment}"', cure)
    return segment


def _refuse_repeated_ids(sections: tuple[Section, ...], faults: Faults) -> None:
    first: dict[str, int] = {}
    for section in sections:
        if section.id in first:
            cure = f"the first is on line {first[section.id]}; delete this one to get a new id"
            faults.add(section.lines["id"], f'the id "{section.id}" is given twice', cure)
        elif section.id is not None:
            first[section.id] = section.lines["id"]


def _refuse_second_mastheads(read: list[Section | None], faults: Faults) -> None:
    mastheads = [one for one in read[1:] if one is not None and one.kind == MASTHEAD]
    for section in mastheads:
        cure = "make it the first section, once, or delete it: the brand has a masthead"
        faults.add(section.lines[""], "a masthead stands only at the top", cure)
