"""`[words]{lang=cy}` in Markdown: a phrase in another language (WCAG 3.1.2)."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from newsletter.domain.languages import is_language_tag

_LANGUAGE_START = "]{lang="
_LANGUAGE = re.compile(r"\{lang=([^{}\s]*)\}")


def read_phrases(markdown: MarkdownIt) -> None:
    """Teaches a reader of Markdown what a phrase is; it becomes a `span` with `lang`."""
    markdown.inline.ruler.before("link", "phrase", _phrase)


def _phrase(state: StateInline, silent: bool) -> bool:
    # Looked for first, since finding the end of each of many brackets takes long.
    if state.src[state.pos] != "[" or _LANGUAGE_START not in state.src:
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    language = _LANGUAGE.match(state.src, end + 1) if end >= 0 else None
    if language is None or not is_language_tag(language[1]):
        return False
    if not silent:
        _push_phrase(state, end, language[1])
    state.pos = language.end()
    return True


def _push_phrase(state: StateInline, end: int, language: str) -> None:
    whole = state.posMax
    state.pos, state.posMax = state.pos + 1, end
    state.push("span_open", "span", 1).attrSet("lang", language)
    state.md.inline.tokenize(state)
    state.push("span_close", "span", -1)
    state.posMax = whole
