"""YAML as authors write it: text, truth, nothing, lists and mappings, each with its line.

This small tree stands between YAML's parser and our own reading, because every fault has to name a
line, and because YAML 1.1 does too much: here `no` is Norwegian and `2026-10` is text (the core
schema of YAML 1.2, section 10.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class ScalarKind(StrEnum):
    """What YAML 1.2 takes a scalar for; a quoted one is always text.

    `refused` stands where an alias was: its fault is noted, and there is no more to say of it.
    """

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, as written; `line` is counted from 1, here and below."""

    line: int
    text: str
    kind: ScalarKind


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list of values."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, at its line, with its value."""

    key: str
    line: int
    value: Node

    @property
    def start(self) -> str:
        """How it begins in the file: `key:`, or the dash of an item, whose key is its number."""
        return "-" if self.key.isdigit() else f"{self.key}:"


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with values, in the author's order; `is_flow` when written with `{`."""

    line: int
    entries: tuple[Entry, ...]
    is_flow: bool

    def get(self, key: str) -> Entry | None:
        """The entry of `key`, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


Node: TypeAlias = Scalar | ListNode | MappingNode

_RESOLUTION = (
    (ScalarKind.NULL, re.compile(r"~|null|Null|NULL|")),
    (ScalarKind.BOOLEAN, re.compile(r"true|True|TRUE|false|False|FALSE")),
    (ScalarKind.NUMBER, re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")),
    (ScalarKind.NUMBER, re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")),
    (ScalarKind.NUMBER, re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")),
)


def kind_of_plain(text: str) -> ScalarKind:
    """What an unquoted scalar is in YAML 1.2's core schema."""
    for kind, pattern in _RESOLUTION:
        if pattern.fullmatch(text):
            return kind
    return ScalarKind.TEXT
