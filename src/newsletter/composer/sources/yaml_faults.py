"""The YAML parser's complaints in plain words, with the cure that most likely helps."""

from __future__ import annotations

import re
from typing import NoReturn

import yaml

from newsletter.composer.sources.faults import Faults

QUOTE_IT = 'if it is meant as text, put quotes round it: "…"'
QUOTE_MERGE_VALUE = 'put quotes round the whole text that holds a merge value: "Dear {name|friend}"'

_MERGE_VALUE = re.compile(r"\{\{|\{\s*\w+\s*(\|[^{}]*)?\}")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^']|'')*'")
_SPECIAL_START = re.compile(r"(?:^|[:\-,{\[]\s+)([*&!%@`|>])")

_CLOSE_IT = "put quotes round each text, commas between them, and close the bracket"
_NEIGHBOURS = (
    "indent it like its neighbours, with spaces; a text that begins with a quotation mark ends "
    "with the same one"
)
_PLAIN_WORDS = (
    ("maximum nesting depth", "brackets are nested too deep", QUOTE_IT),
    ("mapping values are not allowed", "there is a colon in a text without quotes", QUOTE_IT),
    ("cannot start any token", "a tab, or a sign that no text begins with", "indent with spaces"),
    ("sequence entries", "a list begins inside a line", f"begin it on its own line; {QUOTE_IT}"),
    ("escape", "a backslash stands before a wrong letter", r"write \\ for a backslash"),
    ("quoted scalar", "a quotation mark is not closed", r'end with it; inside "…" write \"'),
    ("in flow", "brackets are not closed, or lack a comma", _CLOSE_IT),
    ("flow mapping", "a { is not closed, or a comma is missing", _CLOSE_IT),
    ("flow sequence", "a [ is not closed, or a comma is missing", _CLOSE_IT),
    ("flow node", "a bracket is not closed", _CLOSE_IT),
    ("while parsing a block", "this does not fit what stands above it", _NEIGHBOURS),
    ("find expected ':'", "there is no colon after this key", "write key: value"),
)  # fmt: skip
"""What the complaint holds, in libyaml's words and in PyYAML's; our words; the cure."""


def syntax_fault(error: yaml.MarkedYAMLError, lines: list[str], faults: Faults) -> NoReturn:
    """Raise `FaultyFile` with what `faults` holds and with the parser's `error`.

    `lines` are the lines of the text. The cure is chosen from the line at which the parser gave up
    and from the one where it began to read the value.
    """
    line = _line_of(error.problem_mark, lines)
    begun = _line_of(error.context_mark, lines) if error.context_mark else line
    message, cure = _words(f"{error.context} {error.problem}")
    if any(_MERGE_VALUE.search(_outside_quotes(each, lines)) for each in (line, begun)):
        message, cure = "a { outside quotes begins a mapping", QUOTE_MERGE_VALUE
    elif special := _SPECIAL_START.search(_outside_quotes(line, lines)):
        message, cure = f"a text without quotes begins with {special[1]}", QUOTE_IT
    # Where something is left open is where it was begun, not where the parser gave up on it.
    faults.stop((begun if "not closed" in message else line) + 1, message, cure)


def _line_of(mark: yaml.Mark | None, lines: list[str]) -> int:
    # A parser that gave up at the end of the text points to the line after the last.
    return min(mark.line, len(lines) - 1) if mark else 0


def _outside_quotes(line: int, lines: list[str]) -> str:
    return _QUOTED.sub('""', lines[line])


def _words(complaint: str) -> tuple[str, str | None]:
    for part, message, cure in _PLAIN_WORDS:
        if part in complaint:
            return message, cure
    return f"this is not YAML: {complaint.removeprefix('None ')}", None
