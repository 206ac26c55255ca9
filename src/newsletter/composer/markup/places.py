"""Which line of which template a piece of rendered markup came from.

Every tag of a markup template is preceded by a marker that names its line. Markers survive the
filling of templates and their inclusion in one another, and are taken out before MJML reads the
result. They are made of control characters, which no author's and no brand's text may hold (X3).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_START, _END = "\x01", "\x02"
_MARKER = re.compile(f"{_START}[^{_START}{_END}]*+{_END}")
_JINJA_OR_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|(?=</?[A-Za-z])", re.DOTALL)


class Place(NamedTuple):
    """A line of a template; `template` is its name, such as `layout/footer.mjml.j2`."""

    template: str
    line: int

    def __str__(self) -> str:
        return f"{self.template}:{self.line}"


def mark_places(source: str, template: str) -> str:
    """The source of a template with a marker before each tag, its lines unchanged."""
    marked: list[str] = []
    line, position = 1, 0
    for found in _JINJA_OR_TAG.finditer(source):
        before = source[position : found.start()]
        line += before.count("\n")
        # What Jinja reads, such as `{% if a <b %}`, is not touched.
        marked += [before, found[0] or f"{_START}{Place(template, line)}{_END}"]
        line += found[0].count("\n")
        position = found.end()
    return "".join([*marked, source[position:]])


def without_places(markup: str) -> str:
    """The markup as it would be without markers."""
    return _MARKER.sub("", markup)


def place_before(markup: str, position: int) -> Place | None:
    """The place of the last marker that begins before `position`, or None when there is none."""
    start = markup.rfind(_START, 0, position)
    marker = _MARKER.match(markup, start) if start >= 0 else None
    return _read(marker[0]) if marker else None


def place_of_byte(markup: str, offset: int) -> Place | None:
    """The place of a byte, counted as MJML counts: in UTF-8, and without markers."""
    place, passed, position = None, 0, 0
    for marker in _MARKER.finditer(markup):
        passed += len(markup[position : marker.start()].encode())
        if passed > offset:
            break
        place, position = _read(marker[0]) or place, marker.end()
    return place


def _read(marker: str) -> Place | None:
    template, _, line = marker[1:-1].rpartition(":")
    return Place(template, int(line)) if line.isdecimal() else None
