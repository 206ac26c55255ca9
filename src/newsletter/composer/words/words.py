"""One line of words: merge values and `[phrase]{lang=cy}`, and nothing else that is special."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token
from markupsafe import Markup

from newsletter.composer.words.blocks import Block, blocks_of
from newsletter.composer.words.merge_values import Marks, mark_values
from newsletter.composer.words.problems import MergeFault, MergeProblem, Report
from newsletter.domain.compiled import ADDRESS_SLOTS
from newsletter.domain.languages import is_language_tag

_PHRASE = re.compile(r"\[([^\[\]]*)\]\{lang=([^{}\s]*)\}")


@dataclass(frozen=True)
class Written:
    """What an author wrote, twice: for the HTML part and for the plain text part.

    `tokens` are Markdown's, for rich text.
    """

    html: Markup
    text: str
    tokens: Sequence[Token] = ()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of a rich text, which the checks look at."""
        return tuple(blocks_of(self.tokens))


NOTHING = Written(Markup(), "")


def read_words(source: str, marks: Marks, report: Report) -> Written:
    """One line of words, its characters escaped for HTML and its phrases in `<span lang>`."""
    html, text = Markup(), ""
    rest = 0
    for phrase in _PHRASE.finditer(source):
        if not is_language_tag(phrase[2]):
            continue
        before = _marked(source[rest : phrase.start()], marks, report)
        inside = _marked(phrase[1], marks, report)
        html += Markup('{}<span lang="{}">{}</span>').format(before, phrase[2], inside)
        text += before + inside
        rest = phrase.end()
    last = _marked(source[rest:], marks, report)
    return Written(html + last, text + last)


def _marked(source: str, marks: Marks, report: Report) -> str:
    words = mark_values(source, marks, report)
    return keep_addresses_out(words, marks, report)


def keep_addresses_out(words: str, marks: Marks, report: Report) -> str:
    """`words` with `{view}` and its like reported and as written: they belong in a link."""
    for slot in marks.slots_in(words):
        if slot.name in ADDRESS_SLOTS:
            written = f"{{{slot.name}}}"
            report(MergeProblem(MergeFault.ADDRESS_IN_WORDS, written, f"[…]({written})"))
            words = words.replace(marks.mark(slot), written)
    return words
