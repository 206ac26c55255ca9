"""Writing an edition file: one way to write each content, so that equal contents are equal bytes.

Blocks for mappings, one key a line; text of several lines as it reads, in a literal block; quotes
wherever YAML, 1.1 as well as 1.2, could take a text for something else. Comments are not kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from newsletter.composer.sources.text_rules import CONTROL_CHARACTER
from newsletter.composer.sources.yaml_nodes import ScalarKind, kind_of_plain
from newsletter.domain.editions import EVERYONE, EditionContent, OnlyFor, Section, Value

_SAFE = re.compile(r"[^\W\d_][\w .,;()/'’‘“”–—…!?&+=-]*")
"""Texts that need no quotes, the words below aside: they begin with a letter."""

_YAML_1_1_WORDS = frozenset({"y", "n", "yes", "no", "on", "off"})
"""What other programs, which read YAML 1.1, take for true and false."""

_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"}
_NOT_LITERAL = re.compile(f"{CONTROL_CHARACTER.pattern}|\ufeff")
_TO_ESCAPE = re.compile(rf'{_NOT_LITERAL.pattern}|["\\\n\t]')


def write_edition(content: EditionContent) -> str:
    """The edition file of `content`: reading it gives an equal content, and writing that again the
    same text.
    """
    return "".join(f"{line}\n" for line in _edition(content))


def _edition(content: EditionContent) -> Iterator[str]:
    yield f"edition: {_quoted(content.slug)}"
    yield f"topic: {_scalar(content.topic)}"
    yield f"languages: [{', '.join(map(_scalar, content.languages))}]"
    yield f"form: {content.form}"
    yield f"segment: {'null' if content.segment is None else _scalar(content.segment)}"
    yield from _entry("subject", content.subject, "")
    yield from _entry("preheader", content.preheader, "")
    yield "sections:"
    for section in content.sections:
        yield from _as_item(_section(section))


def _section(section: Section) -> Iterator[str]:
    yield f"kind: {_scalar(section.kind)}"
    if section.id is not None:
        yield f"id: {_scalar(section.id)}"
    if section.only_for != EVERYONE:
        yield f"only_for: {{{', '.join(_only_for(section.only_for))}}}"
    for name, value in section.fields.items():
        yield from _entry(name, value, "")


def _only_for(only_for: OnlyFor) -> Iterator[str]:
    if only_for.language is not None:
        yield f"language: {_scalar(only_for.language)}"
    if only_for.segment is not None:
        yield f"segment: {_scalar(only_for.segment)}"


def _as_item(lines: Iterator[str]) -> Iterator[str]:
    yield f"  - {next(lines)}"
    for line in lines:
        # An empty line of a literal block stays empty: no editor shall find spaces to strip.
        yield f"    {line}" if line else line


def _entry(name: str, value: Value, indent: str) -> Iterator[str]:
    key = f"{indent}{_scalar(name)}:"
    if isinstance(value, str) and _fits_literal_block(value):
        yield f"{key} |{_chomping(value)}"
        for line in value.removesuffix("\n").split("\n"):
            yield f"{indent}  {line}" if line else ""
    elif isinstance(value, Mapping) and value:
        yield key
        for inner, inner_value in value.items():
            yield from _entry(inner, inner_value, f"{indent}  ")
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield key
        for item in value:
            for line in _as_item(_item(item)):
                yield f"{indent}{line}" if line else line
    else:
        yield f"{key} {_inline(value)}"


def _item(value: Value) -> Iterator[str]:
    """An item of a list, without the dash before its first line."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _entry(name, inner, "")
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for inner in value:
            # Two columns for the dash of each inner item, which _as_item indents by two more.
            yield from (line.removeprefix("  ") for line in _as_item(_item(inner)))
    else:
        yield _inline(value)


def _inline(value: Value) -> str:
    if isinstance(value, str):
        return _scalar(value)
    # What is left is truth, a number, nothing, or empty: JSON's words are YAML's.
    return json.dumps(value, default=dict)


def _fits_literal_block(text: str) -> bool:
    """Whether a literal block gives `text` back: the first line shows the indentation."""
    return "\n" in text and text[0] not in " \t\n" and not _NOT_LITERAL.search(text)


def _chomping(text: str) -> str:
    """The indicator for the line breaks at the end: none is `-`, one is "", more are `+`."""
    if text.endswith("\n\n"):
        return "+"
    return "" if text.endswith("\n") else "-"


def _scalar(text: str) -> str:
    is_plain = (
        _SAFE.fullmatch(text)
        and not text.endswith(" ")
        and text.lower() not in _YAML_1_1_WORDS
        and kind_of_plain(text) is ScalarKind.TEXT
    )
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}")
