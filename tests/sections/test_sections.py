"""Every section kind there is, whoever added it: its sample composes, and its templates are sound.

A new kind is one folder; these tests find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from newsletter.composer.kinds.kinds import Field, FieldType
from newsletter.composer.markup import render
from newsletter.composer.markup.inline import parse
from newsletter.composer.markup.lint import lint
from newsletter.composer.markup.places import without_places
from newsletter.domain.editions import Value
from newsletter.resources import templates_folder
from tests.builders import a_catalogue, filled
from tests.sections.golden_files import FOLDER, LANGUAGES, compile_sample, golden_files

KINDS = sorted(a_catalogue().kinds)
MARKUP = sorted(
    str(file.relative_to(templates_folder())) for file in templates_folder().rglob("*.mjml.j2")
)
SPOKEN = {FieldType.WORDS, FieldType.RICH_TEXT}


def words_in(fields: Sequence[Field], values: Mapping[str, Value], language: str) -> Iterator[str]:
    """The words of letters that a reader of `language` must meet; addresses are left out."""
    for field in fields:
        yield from words_of(field, values.get(field.name), language)


def words_of(field: Field, value: Value, language: str) -> Iterator[str]:
    if field.item is not None and isinstance(value, Sequence):
        for item in value:
            yield from words_of(field.item, item, language)
    elif field.type is FieldType.GROUP and isinstance(value, Mapping):
        yield from words_in(field.fields, value, language)
    elif field.type is FieldType.IMAGE and isinstance(value, Mapping):
        yield from words_of(Field("alt", FieldType.WORDS), value.get("alt"), language)
    elif field.type in SPOKEN:
        text = str(value.get(language) or "") if isinstance(value, Mapping) else str(value or "")
        bare = re.sub(r"\]\([^)]*\)|\{[^}]*\}|https?://\S+", " ", text)
        yield from re.findall(r"[^\W\d_]{2,}", bare)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_composes_without_a_finding(kind: str, language: str) -> None:
    _, edition = compile_sample(a_catalogue().kinds[kind])

    assert edition.findings == ()
    assert language in edition.languages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_word_of_the_sample_is_in_both_parts(kind: str, language: str) -> None:
    """H18: the text part says what the HTML part says."""
    section, edition = compile_sample(a_catalogue().kinds[kind])
    compiled = edition.languages[language]

    document = parse(filled(compiled.html))
    html = " ".join([*document.find("body").itertext(), *document.xpath("//img/@alt")])
    fields = a_catalogue().kinds[kind].fields
    words = list(words_in(fields, section.fields, language))

    assert len(words) > 4 or not any(field.type in SPOKEN for field in fields)
    assert [word for word in words if word not in html] == []
    assert [word for word in words if word not in filled(compiled.text)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_templates_keep_to_the_mjml_that_works(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """H20: what the engine gets wrong or loses in silence, templates do not use."""
    markups: list[str] = []

    def reading_along(markup: str) -> str:
        markups.append(markup)
        return without_places(markup)

    monkeypatch.setattr(render, "without_places", reading_along)

    compile_sample(a_catalogue().kinds[kind])

    assert len(markups) >= len(LANGUAGES)
    assert [problem for markup in markups for problem in lint(markup)] == []


@pytest.mark.parametrize("template", MARKUP)
def test_templates_never_switch_escaping_off(template: str) -> None:
    """X1: no |safe, no autoescape block."""
    source = (templates_folder() / template).read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe\b|autoescape", source)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_becomes_what_it_became_before(kind: str) -> None:
    """The golden files: `make golden` writes them anew."""
    files = golden_files(a_catalogue().kinds[kind])

    assert len(files) == 2 * len(LANGUAGES)
    assert {file.name: file.read_text(encoding="utf-8") for file in files} == {
        file.name: text for file, text in files.items()
    }


def test_no_golden_file_is_left_of_a_kind_that_is_gone() -> None:
    assert {file.name.split(".")[0] for file in FOLDER.iterdir()} == set(KINDS)
