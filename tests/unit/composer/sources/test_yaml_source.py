"""The YAML layer, with libyaml and with PyYAML's own parser."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.yaml_nodes import ListNode, MappingNode, Node, Scalar, ScalarKind
from newsletter.composer.sources.yaml_source import FASTEST, MAX_BYTES, Parser, read_yaml
from newsletter.domain.errors import FaultyFile

PARSERS = [FASTEST, yaml.SafeLoader]


@pytest.fixture(params=PARSERS, ids=["fastest", "pure"])
def parser(request: pytest.FixtureRequest) -> Parser:
    return request.param


def value_of(text: str, parser: Parser = FASTEST) -> Node:
    faults = Faults("f")
    root = read_yaml(text.encode(), faults, parser)
    faults.raise_if_any()
    assert isinstance(root, MappingNode)
    return root.entries[0].value


def faults_of(data: str | bytes, parser: Parser = FASTEST) -> list[str]:
    faults = Faults("f")
    try:
        read_yaml(data if isinstance(data, bytes) else data.encode(), faults, parser)
        faults.raise_if_any()
    except FaultyFile as error:
        return [str(fault) for fault in error.faults]
    pytest.fail("no fault was found")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("true", ScalarKind.BOOLEAN),
        ("False", ScalarKind.BOOLEAN),
        ("yes", ScalarKind.TEXT),
        ("no", ScalarKind.TEXT),
        ("on", ScalarKind.TEXT),
        ("null", ScalarKind.NULL),
        ("~", ScalarKind.NULL),
        ("", ScalarKind.NULL),
        ("2026", ScalarKind.NUMBER),
        ("0777", ScalarKind.NUMBER),
        ("0o7", ScalarKind.NUMBER),
        ("0x1F", ScalarKind.NUMBER),
        ("-1.5e3", ScalarKind.NUMBER),
        ("1e3", ScalarKind.NUMBER),
        (".inf", ScalarKind.NUMBER),
        ("2026-10", ScalarKind.TEXT),
        ("2026-10-01", ScalarKind.TEXT),
        ("12:30", ScalarKind.TEXT),
        ("1_000", ScalarKind.TEXT),
        ('"2026"', ScalarKind.TEXT),
        ("'true'", ScalarKind.TEXT),
    ],
)
def test_scalars_are_what_yaml_1_2_says(written: str, kind: ScalarKind, parser: Parser) -> None:
    value = value_of(f"a: {written}", parser)

    assert isinstance(value, Scalar)
    assert value.kind is kind


def test_nodes_know_their_lines(parser: Parser) -> None:
    value = value_of("\n# first\na:\n  - b\n  -\n    c: |\n      d\n", parser)

    assert isinstance(value, ListNode)
    first, second = value.items
    assert first.line == 4
    assert isinstance(second, MappingNode)
    assert second.entries[0].line == 6


def test_windows_line_ends_and_a_byte_order_mark_are_read(parser: Parser) -> None:
    value = value_of("\ufeffa: |\r\n  b\r\n  c\r\n", parser)

    assert isinstance(value, Scalar)
    assert value.text == "b\nc\n"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: 1\nb: 2\na: 3", ['f:3: "a" is given twice; the first is on line 1: keep one']),
        ("a: &x b", ["f:1: &x names a value, which is not used here; {quote}"]),
        ("a: &x b\nc: *x", ["f:1: &x names a value, which is not used here; {quote}",
                            "f:2: *x refers to another value; {quote}"]),
        ("a: !x b", ["f:1: a YAML tag (!) stands here, which is not used; {quote}"]),
        ("a: 1\n---\nb: 2", ["f:2: a second document begins here; keep one, without lines of ---"]),
        ("", ["f: the file is empty"]),
        ("# nothing", ["f: the file is empty"]),
        (r'"\e[2J": b', ["f:1: a key must be one word; {quote}"]),
        ("[a]: b", ["f:1: a key must be one word; {quote}"]),
        ("a: {{name}}", ["f:1: a key must be one word; {quote}"]),
        ("a: b: c", ["f:1: there is a colon in a text without quotes; {quote}"]),
        ("a: 1\nb: *bold* text", ["f:2: a text without quotes begins with *; {quote}"]),
        ("a: @x", ["f:1: a text without quotes begins with @; {quote}"]),
        ("a: - b", ["f:1: a list begins inside a line; begin it on its own line; {quote}"]),
        ("a:\n\tb: c", ["f:2: a tab, or a sign that no text begins with; indent with spaces"]),
        (r'a: "\q"', [r"f:1: a backslash stands before a wrong letter; write \\ for a backslash"]),
        ("a: {b: Hi {name|you}}", ["f:1: a { outside quotes begins a mapping; put quotes round the "
                                   'whole text that holds a merge value: "Dear {name|friend}"']),
        ("a:\n  {name|you}, hi", ["f:2: a { outside quotes begins a mapping; put quotes round the "
                                  'whole text that holds a merge value: "Dear {name|friend}"']),
    ],
)  # fmt: skip
def test_faults_are_in_plain_words_with_a_cure(
    text: str, faults: list[str], parser: Parser
) -> None:
    quote = 'if it is meant as text, put quotes round it: "…"'

    found = faults_of(text, parser)

    assert found == [fault.replace("{quote}", quote) for fault in faults]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ('a: "b" c\nd: e', "f:1: this does not fit what stands above it; indent it"),
        ("a: 'it's'", "f:1: this does not fit what stands above it; indent it"),
        ("a:\n  b: 1\n c: 2", "f:3: this does not fit what stands above it; indent it"),
        ('a: "b', "f:1: a quotation mark is not closed; end with it"),
        ("a: {b: c", "f:1: a { is not closed, or a comma is missing; put quotes"),
        ('a: {en: "b" cy: "c"}', "f:1: a { is not closed, or a comma is missing; put quotes"),
        ("a: [b\nc: d", "f:1: a [ is not closed, or a comma is missing; put quotes"),
        ("a:\n  - |\n   b\nc", "f:4: there is no colon after this key; write key: value"),
    ],
)
def test_what_is_not_yaml_is_told_in_plain_words(text: str, start: str, parser: Parser) -> None:
    (found,) = faults_of(text, parser)

    assert found.startswith(start)


def test_bytes_that_are_not_utf_8_are_a_fault_at_their_line() -> None:
    assert faults_of(b"a: b\nc: \xff") == [
        "f:2: this is not UTF-8 text; save the file in the encoding UTF-8"
    ]


def test_a_file_of_more_than_a_megabyte_is_not_parsed() -> None:
    assert faults_of(b"#" * (MAX_BYTES + 1)) == [
        "f: the file holds 1,000,001 bytes; 1,000,000 is the most"
    ]
    assert faults_of(b"#" * MAX_BYTES) == ["f: the file is empty"]


@pytest.mark.parametrize("text", [100_000 * "[", 100_000 * "{a: ", 50 * "- " + "a"])
def test_nesting_has_an_end(text: str) -> None:
    (found,) = faults_of(text)

    assert re.search("this is nested more than 20 deep|brackets are nested too deep", found)


def test_control_characters_are_found_with_all_the_other_faults(parser: Parser) -> None:
    """M12, X3."""
    found = faults_of("a: 1\nb: x\x00y\x85\na: \u2028\n", parser)

    assert [each.split(";")[0] for each in found] == [
        "f:2: there is the control character U+0000 in the text",
        "f:3: there is the control character U+2028 in the text",
        'f:3: "a" is given twice',
    ]


@given(st.binary(max_size=80) | st.text("{}[]:-|>'\"#&*!%@ \n\tab,?", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_by_both_parsers(data: bytes) -> None:
    for parser in PARSERS:
        with suppress(FaultyFile):
            assert read_yaml(data, Faults("f"), parser).line > 0
