"""The MJML linter: what the engine gets wrong, or loses, without a word (H20).

It reads the markup that templates make, values and all, since an attribute may be wrong by its
value alone; and a workspace’s own templates are held to it as the shipped ones are.
"""

from __future__ import annotations

import re

from newsletter.composer.markup.component_rules import (
    NO_BODY,
    between_components,
    component_trap,
    second,
)
from newsletter.composer.markup.content_rules import beginning_trap, content_traps
from newsletter.composer.markup.markup_problem import MarkupProblem, Trap
from newsletter.composer.markup.mjml_facts import DEFAULTS, UNSUPPORTED, components
from newsletter.composer.markup.open_tags import Found, OpenTags, unclosed
from newsletter.composer.markup.places import place_before, without_places
from newsletter.composer.markup.tag_rules import tag_traps

_TOKEN = re.compile(
    r"<!--.*?-->|<(/?)(mj[\w-]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL | re.IGNORECASE,
)
_NOTHING = re.compile("(?:\\s|\x01[^\x02]*+\x02)*+")


def lint(markup: str) -> tuple[MarkupProblem, ...]:
    """Every problem of a whole MJML document, in the order of the document.

    `markup` is what `fill_template` makes of a layout, with the markers that name templates and
    lines. Empty when the mail will say and show what the templates do.
    """
    found = sorted(_Walk(markup).through(), key=lambda one: one[0])
    return tuple(_at_its_place(markup, position, trap) for position, trap in found)


def _at_its_place(markup: str, position: int, trap: Trap) -> MarkupProblem:
    template, line = place_before(markup, position) or (None, None)
    return MarkupProblem(trap.case, trap.message, trap.fix, template, line)


class _Walk:
    """One way through a document, from component to component."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._tags = OpenTags()
        self._once = {"mj-head": 0, "mj-body": 0}
        self._position = 0

    def through(self) -> Found:
        """Look at every component, and at what stands between."""
        while token := _TOKEN.search(self._markup, self._position):
            yield from self._between(token.start())
            self._position = token.end()
            if token[1]:
                yield from self._tags.close(token[2], token.start())
            elif token[2]:
                yield from self._component(token)
        yield from self._between(len(self._markup))
        yield from self._tags.left()
        if not self._once["mj-body"]:
            yield self._position, NO_BODY

    def _between(self, end: int) -> Found:
        nothing = _NOTHING.match(self._markup, self._position, end)
        start = nothing.end() if nothing else end
        # What an unknown component would hold nobody knows.
        if start < end and (self._tags.innermost or "mjml") in components():
            odd = self._markup[start:end]
            yield start, beginning_trap(odd) or between_components(without_places(odd))

    def _component(self, token: re.Match[str]) -> Found:
        name, attributes, start = token[2], token[3], token.start()
        yield from ((start, trap) for trap in self._of_start(name, attributes))
        if attributes.endswith("/"):
            return
        component = components().get(name)
        if component is not None and component.is_ending:
            yield from self._content(name, start)
        else:
            yield from self._tags.open(name, start)

    def _of_start(self, name: str, attributes: str) -> list[Trap]:
        """What is wrong with a start tag, in its place and in itself."""
        parent = self._tags.innermost
        misplaced = component_trap(name, parent)
        traps = [misplaced] if misplaced else []
        if name in self._once:
            self._once[name] += 1
            traps += [second(name)] if self._once[name] > 1 else []
        if name in components() and name not in UNSUPPORTED:
            traps += tag_traps(name, attributes, is_default=parent == DEFAULTS)
        return traps

    def _content(self, name: str, start: int) -> Found:
        """Look at what a component of HTML, styles or words holds, and go behind its end."""
        begin = self._position
        end = re.compile(rf"</{name}\s*>").search(self._markup, begin)
        if end is None:
            yield start, unclosed(name)
            following = _TOKEN.search(self._markup, begin)
            self._position = following.start() if following else len(self._markup)
            return
        self._position = end.end()
        content = self._markup[begin : end.start()]
        for position, trap in content_traps(name, content, len(self._tags) + 1):
            yield begin + position, trap
