"""From the bytes of a YAML file to nodes with lines.

Anchors, aliases, tags and further documents are refused: no author needs them, and with them a
small file can become a huge one.
"""

from __future__ import annotations

from typing import Protocol

import yaml

from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.text_rules import CONTROL_CHARACTER, unfit_character
from newsletter.composer.sources.yaml_faults import QUOTE_IT, syntax_fault
from newsletter.composer.sources.yaml_nodes import (
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
    ScalarKind,
    kind_of_plain,
)
from newsletter.domain.control_characters import character_name

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


class Events(Protocol):
    """What we use of a PyYAML loader: the parser's events, one after the other."""

    def get_event(self) -> yaml.Event:
        """The next event; raises `yaml.MarkedYAMLError` where the text is not YAML."""


class Parser(Protocol):
    """A PyYAML loader: makes the events of one text."""

    def __call__(self, text: str, /) -> Events:
        """A parser at the start of `text`."""


FASTEST: Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it (thirty times faster), else PyYAML's own parser."""


def read_yaml(data: bytes, faults: Faults, parser: Parser = FASTEST) -> Node:
    """The tree of the one document in `data`.

    Notes in `faults` what it can read past (control characters, duplicate keys, anchors, aliases,
    tags) and raises `FaultyFile` at what it cannot: more than `MAX_BYTES`, not UTF-8, not YAML,
    nested deeper than `MAX_DEPTH`, empty, several documents.
    """
    text = _without_control_characters(_decoded(data, faults), faults)
    try:
        return _TreeBuilder(parser(text), faults).document()
    except yaml.MarkedYAMLError as error:
        syntax_fault(error, text.split("\n"), faults)


def _decoded(data: bytes, faults: Faults) -> str:
    if len(data) > MAX_BYTES:
        faults.stop(None, f"the file holds {len(data):,} bytes; {MAX_BYTES:,} is the most")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.stop(line, "this is not UTF-8 text", "save the file in the encoding UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_control_characters(text: str, faults: Faults) -> str:
    """`text` with a space for each control character, so that all else is still read."""
    for number, line in enumerate(text.split("\n"), start=1):
        if found := CONTROL_CHARACTER.search(line):
            faults.add(number, f"there is {character_name(found[0])} in the text", "delete it")
    return CONTROL_CHARACTER.sub(" ", text)


class _TreeBuilder:
    """Builds nodes from a parser's events, which come in the order of the text."""

    def __init__(self, events: Events, faults: Faults) -> None:
        self._events = events
        self._faults = faults

    def document(self) -> Node:
        """The only document of the stream."""
        self._events.get_event()
        start = self._events.get_event()
        if isinstance(start, yaml.StreamEndEvent):
            self._faults.stop(None, "the file is empty")
        root = self._node(self._events.get_event(), depth=1)
        self._events.get_event()
        after = self._events.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            self._faults.stop(
                _line(after), "a second document begins here", "keep one, without lines of ---"
            )
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        if depth > MAX_DEPTH:
            self._faults.stop(line, f"this is nested more than {MAX_DEPTH} deep", QUOTE_IT)
        if isinstance(event, yaml.AliasEvent):
            self._faults.add(line, f"*{event.anchor} refers to another value", QUOTE_IT)
            return Scalar(line, "", ScalarKind.REFUSED)
        assert isinstance(event, yaml.NodeEvent)  # noqa: S101 - the parser's grammar
        self._refuse_properties(event, line)
        if isinstance(event, yaml.ScalarEvent):
            kind = kind_of_plain(event.value) if event.implicit[0] else ScalarKind.TEXT
            return Scalar(line, event.value, kind)
        if isinstance(event, yaml.SequenceStartEvent):
            return ListNode(line, tuple(self._items(depth)))
        return self._mapping(event, depth)

    def _refuse_properties(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            self._faults.add(
                line, f"&{event.anchor} names a value, which is not used here", QUOTE_IT
            )
        if getattr(event, "tag", None) is not None:
            self._faults.add(line, "a YAML tag (!) stands here, which is not used", QUOTE_IT)

    def _items(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := self._events.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, start: yaml.Event, depth: int) -> MappingNode:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self._events.get_event(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(self._events.get_event(), depth + 1)
            self._keep(key, value, entries)
        is_flow = bool(getattr(start, "flow_style", False))
        return MappingNode(_line(start), tuple(entries.values()), is_flow)

    def _keep(self, key: Node, value: Node, entries: dict[str, Entry]) -> None:
        if not isinstance(key, Scalar) or unfit_character(key.text, many_lines=False):
            self._faults.add(key.line, "a key must be one word", QUOTE_IT)
        elif key.text in entries:
            first = entries[key.text].line
            self._faults.add(
                key.line, f'"{key.text}" is given twice', f"the first is on line {first}: keep one"
            )
        else:
            entries[key.text] = Entry(key.text, key.line, value)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
