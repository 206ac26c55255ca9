"""Whatever an author writes into whatever field, the mail stays whole.

No text may change the structure of the HTML beyond the marks of Markdown, break a line of the
message, or be lost from either part (X3, X4, M1, M2, H18).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newsletter.composer.compose import image_sources
from newsletter.composer.edition_files.edition_file import read_sample
from newsletter.composer.kinds.kinds import Field, FieldType
from newsletter.composer.markup.inline import parse
from newsletter.composer.sources.text_rules import unfit_character
from newsletter.domain.compiled import CompiledLanguage
from newsletter.domain.editions import Section, Value
from newsletter.mail.page_links import link_pages
from newsletter.mail.slots import fill_html, fill_text
from tests.builders import a_catalogue, an_edition, composed, filled
from tests.sample_messages import FACTS, VALUES, a_message, bodies

KINDS = sorted(a_catalogue().kinds)
HOSTILE = [
    "<script>alert(1)</script>", "{{7*7}}", "{% for x in y %}", "</mj-text></mj-column>",
    "<mj-foo>", '" onerror="alert(1)', "' onload='x", "]]>", "<!--", "-->", "<![endif]-->",
    "&lt;b&gt;", "&#0;", "\\u{301}", "=\\r\\n.", ".", "From me", "=3D", "a" * 190, "ŵ" * 190,
    "\u202eabc\u202c", "\U0001f469\u200d\U0001f467", "xq0123456789Z0Z6qx", "javascript:alert(1)",
    "[x](javascript:alert(1))", "| a | b |", "# h", "{lang=cy}",
]  # fmt: skip
"""Texts that have broken other programs."""
LINES = st.sampled_from(HOSTILE) | st.text(max_size=60).filter(
    lambda text: unfit_character(text, many_lines=False) is None and text.strip()
)
FORBIDDEN = {"script", "iframe", "form", "input", "object", "mj-foo", "svg", "link"}


@cache
def _images(kind: str) -> dict[str, bytes]:
    declared = a_catalogue().kinds[kind]
    content = an_edition(read_sample(declared, ("en", "cy")))
    return {
        source: (declared.folder / source).read_bytes()
        for source in image_sources(content, a_catalogue())
    }


def with_text(fields: Sequence[Field], values: Mapping[str, Value], text: str) -> dict[str, Value]:
    """The values with `text` for all words of theirs."""
    return {
        field.name: _replaced(field, values[field.name], text)
        for field in fields
        if field.name in values
    }


def _replaced(field: Field, value: Value, text: str) -> Value:
    match field.type:
        case FieldType.WORDS | FieldType.RICH_TEXT:
            return {"en": text}
        case FieldType.GROUP if isinstance(value, Mapping):
            return with_text(field.fields, value, text)
        case FieldType.IMAGE if isinstance(value, Mapping):
            return {**value, "alt": {"en": text}}
        case FieldType.LIST if field.item is not None and isinstance(value, Sequence):
            return [_replaced(field.item, item, text) for item in value]
        case _:
            return value


@lru_cache(maxsize=len(HOSTILE) * len(KINDS))
def compiled(kind: str, text: str) -> CompiledLanguage:
    declared = a_catalogue().kinds[kind]
    sample = read_sample(declared, ("en", "cy"))
    section = Section(kind, with_text(declared.fields, sample.fields, text))
    content = an_edition(section, languages=("en",), subject={"en": text})
    return composed(content, _images(kind), checks=False).languages["en"]


def shape_of(mail: CompiledLanguage) -> list[str]:
    """The tags of the mail in order, those that Markdown makes of a text aside."""
    document = parse(filled(mail.html))
    made_by_markdown = {"p", "ul", "ol", "li", "h3", "h4", "strong", "em", "a", "br", "hr", "span"}
    return [
        element.tag
        for element in document.iter(etree.Element)
        if element.tag not in made_by_markdown | {"blockquote"}
    ]


@cache
def _plain_shape(kind: str) -> list[str]:
    return shape_of(compiled(kind, "Plain words"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_changes_the_structure(kind: str, text: str) -> None:
    mail = compiled(kind, text)

    assert shape_of(mail) == _plain_shape(kind)
    assert not FORBIDDEN & set(shape_of(mail))
    document = parse(filled(mail.html))
    assert not [
        name for one in document.iter(etree.Element) for name in one.attrib if name[:2] == "on"
    ]
    assert not [a for a in document.iter("a") if (a.get("href") or "").startswith("javascript")]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4)
@given(LINES)
def test_any_text_stays_text_in_both_parts(kind: str, text: str) -> None:
    mail = compiled(kind, text)

    assert shape_of(mail) == _plain_shape(kind)
    words = re.findall(r"[^\W\d_]{4,}", re.sub(r"\[|\]\([^)]*\)|[{}<>&*_\\`]", " ", text))
    for word in words[:3]:
        assert word in html.unescape(filled(mail.html)) or word[:2] == "xq", word


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
def test_the_message_around_any_text_is_well_formed(kind: str, text: str) -> None:
    mail = compiled(kind, text)

    raw = a_message(mail)

    linked = link_pages(mail, FACTS.base_url)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert [part.strip() for part in bodies(raw)] == [
        fill_text(linked.text, VALUES).strip(),
        fill_html(linked.html, VALUES).strip(),
    ]
