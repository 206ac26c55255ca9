"""How alike two HTML documents are in what they say, whatever order and white space they say it in.

A document becomes a list of tokens: each tag, each of its attributes (by name), each declaration of
a `style` attribute (by name), each stretch of text, each selector and each declaration of a style
sheet, and the same for all that stands inside Outlook's conditional comments. The ratio is
`difflib`'s: twice the tokens that both lists share, in one order, of all that there are.

So a tag more, an attribute less or two sections changed about all lower it. What does not: white
space, the order of attributes, of classes and of declarations in one element or rule, a `style` or
`class` with nothing in it, a final semicolon, and a conditional comment that ends only for one
with the same condition to begin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from html.parser import HTMLParser

_CONDITIONAL = re.compile(r"\[if ([^\]]*)\]>(.*)<!\[endif\]", re.DOTALL)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_STRETCH = re.compile(r"([^{}]*)([{}])")
_AROUND_CSS_SIGNS = re.compile(r"\s*([,:>])\s*")


def html_tokens(html: str) -> list[str]:
    """The tokens of a document or a piece of one, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.tokens


def token_ratio(ours: str, theirs: str) -> float:
    """How alike two documents are: 1.0 when their tokens are the same, 0.0 when none is."""
    # Not junk: the commonest tokens are the tables that a mail is made of.
    matcher = SequenceMatcher(None, html_tokens(ours), html_tokens(theirs), autojunk=False)
    return matcher.ratio()


def differing_tokens(ours: str, theirs: str) -> tuple[Counter[str], Counter[str]]:
    """The tokens that only ours has, and those that only theirs has, each with how many more."""
    mine, other = Counter(html_tokens(ours)), Counter(html_tokens(theirs))
    return mine - other, other - mine


class _Reader(HTMLParser):
    """Gathers the tokens of what it is fed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[str] = []
        self._in_sheet = False
        self._condition = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)
        self._in_sheet = tag == "style"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.tokens.append(f"</{tag}>")
        self._in_sheet = False

    def handle_data(self, data: str) -> None:
        if self._in_sheet:
            self.tokens += _sheet_tokens(data)
        elif data.strip():
            self.tokens.append(_one_spaced(data))

    def handle_comment(self, data: str) -> None:
        conditional = _CONDITIONAL.fullmatch(data.strip())
        if conditional:
            self._add_conditional(*conditional.groups())
        else:
            self.tokens.append(f"<!--{_one_spaced(data)}-->")

    def handle_decl(self, decl: str) -> None:
        self.tokens.append(f"<!{_one_spaced(decl).lower()}>")

    def _add_conditional(self, condition: str, inner: str) -> None:
        if self.tokens[-1:] == ["[endif]"] and condition == self._condition:
            self.tokens.pop()
        else:
            self.tokens.append(f"[if {condition}]")
        self.tokens += [*html_tokens(inner), "[endif]"]
        self._condition = condition

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tokens.append(f"<{tag}>")
        for name, value in sorted(attrs, key=lambda attribute: attribute[0]):
            self.tokens += _attribute_tokens(name, value or "")


def _attribute_tokens(name: str, value: str) -> list[str]:
    if name == "style":
        return [f"style {declaration}" for declaration in _declarations(value)]
    if name == "class":
        return [f"class {each}" for each in sorted(value.split())]
    return [f"{name}={_one_spaced(value)}"]


def _sheet_tokens(css: str) -> Iterator[str]:
    """Each selector or at-rule as it opens, each declaration, each end of a rule."""
    bare = _CSS_COMMENT.sub(" ", css)
    end = 0
    for stretch in _CSS_STRETCH.finditer(bare):
        words, brace = stretch.groups()
        end = stretch.end()
        if brace == "{":
            yield f"{_tight(words)} {{"
        else:
            yield from _declarations(words)
            yield "}"
    yield from _declarations(bare[end:])


def _declarations(css: str) -> list[str]:
    """Sorted: of two that set the same property the later one wins, and that is not seen here."""
    return sorted(_tight(declaration) for declaration in css.split(";") if declaration.strip())


def _tight(css: str) -> str:
    return _AROUND_CSS_SIGNS.sub(r"\1", _one_spaced(css))


def _one_spaced(text: str) -> str:
    return " ".join(text.split())
