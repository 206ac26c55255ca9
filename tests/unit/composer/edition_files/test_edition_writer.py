"""Writing edition files: what is written reads back, and writes again to the same bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.edition_files.edition_file import read_edition, read_sample
from newsletter.composer.edition_files.edition_writer import write_edition
from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.sources.faults import Faults
from newsletter.composer.sources.text_rules import unfit_character
from newsletter.composer.sources.yaml_source import FASTEST, read_yaml
from newsletter.domain.editions import EditionContent, Form, OnlyFor, Section
from newsletter.resources import templates_folder

CATALOGUE = load_catalogue([templates_folder()])

AWKWARD = [
    "", " ", "no", "Yes", "true", "null", "~", "2026-10", "1e3", "0x1F", "012", "{name|friend}",
    "a: b", "a #b", "#a", "- a", "* a", "'", '"', "\\", "a ", " a", "ŵyn a ŷd", "👩‍👩‍👧", "%", "@",
    "\ufeff", "\xa0", "[a]", "|", ">", "---", "...", "? a", "a:", "&a", "!a", "`",
]  # fmt: skip
AWKWARD_BODIES = [
    "a\n", "a\nb", "a\n\n", "a\n\n\n", "\n", "\n\n", "\na\n", " a\nb\n", "a\n b\n", "\ta\nb\n",
    "a  \nb\n", "a\n   \nb\n", "a\n\t\nb\t\n", "a\n  ", "a\n\t", "- a\n- b\n", "# a\n",
    "...\n---\n",
    "a\n{name|friend} \"b\" 'c' \\ d\n", "\ufeffa\nb\n", "a\n\ufeffb\n", "\xa0\n\xa0a\n", "  \n",
]  # fmt: skip

LINES = st.sampled_from(AWKWARD) | st.text(max_size=20).filter(
    lambda text: unfit_character(text, many_lines=False) is None
)
BODIES = (
    st.sampled_from(AWKWARD_BODIES)
    | st.text("ab #:-\n\t\"'\\{}|>", max_size=30)
    | st.text(max_size=30).filter(lambda text: unfit_character(text, many_lines=True) is None)
)


def by_language(words: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["en", "no", "cy"]), words)


def fields() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"body": BODIES | by_language(BODIES), "heading": LINES | by_language(LINES)},
        optional={
            "image": st.fixed_dictionaries(
                {"src": st.sampled_from(["a.png", "images/a b.png", "no"])},
                optional={"alt": LINES | by_language(LINES), "decorative": st.booleans()},
            ),
            "link": st.fixed_dictionaries({"label": LINES, "url": LINES | by_language(LINES)}),
        },
    )


def table_fields() -> st.SearchStrategy[dict[str, object]]:
    """Lists of words and lists of lists."""
    cells = st.lists(LINES | by_language(LINES), min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {
            "caption": LINES,
            "columns": st.lists(by_language(LINES), min_size=2, max_size=3),
            "rows": st.lists(cells, min_size=1, max_size=3),
        }
    )


def events_fields() -> st.SearchStrategy[dict[str, object]]:
    """A list of mappings, one of them with a text of several lines."""
    event = st.fixed_dictionaries(
        {"title": by_language(LINES), "start": st.just("2031-04-05 10:00")},
        optional={"body": by_language(BODIES)},
    )
    return st.fixed_dictionaries(
        {"heading": LINES, "events": st.lists(event, min_size=1, max_size=3)}
    )


def sections() -> st.SearchStrategy[Section]:
    kinds = {"article": fields(), "table": table_fields(), "events": events_fields()}
    only_for = st.builds(
        OnlyFor,
        st.none() | st.sampled_from(["en", "no", "cy"]),
        st.none() | st.sampled_from(["powys", "no", "1e3"]),
    )
    return st.one_of(
        st.builds(
            Section,
            st.just(kind),
            values,
            st.none() | st.integers(0, 2**32).map("{:08x}".format),
            only_for,
        )
        for kind, values in kinds.items()
    )


CONTENTS = st.builds(
    EditionContent,
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}", fullmatch=True),
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}", fullmatch=True),
    st.just(("en", "no", "cy")),
    by_language(LINES),
    by_language(LINES),
    st.lists(sections(), min_size=1, max_size=2, unique_by=lambda each: each.id or object()).map(
        tuple
    ),
    st.sampled_from(Form),
    st.none() | st.sampled_from(["mid-wales", "no", "null", "1e3", "12"]),
)


def content_with(body: str) -> EditionContent:
    section = Section("article", {"heading": {"en": "A"}, "body": {"en": body}})
    return EditionContent("1", "t", ("en",), {"en": "S"}, {}, (section,))


def read(text: str) -> EditionContent:
    return read_edition(text.encode(), "edition.yaml", CATALOGUE)


@given(CONTENTS)
def test_what_is_written_reads_back_in_values_and_order(content: EditionContent) -> None:
    text = write_edition(content)

    again = read(text)

    assert again == content
    assert [list(each.fields) for each in again.sections] == [
        list(each.fields) for each in content.sections
    ]
    assert write_edition(again) == text


@pytest.mark.parametrize("body", AWKWARD + AWKWARD_BODIES)
def test_awkward_texts_read_back_with_either_parser(body: str) -> None:
    content = content_with(body)

    text = write_edition(content)

    assert read(text) == content
    assert read_yaml(text.encode(), Faults("f"), FASTEST) == read_yaml(
        text.encode(), Faults("f"), yaml.SafeLoader
    )


def test_keys_stand_in_the_order_of_the_example_and_long_text_as_it_reads() -> None:
    section = Section(
        "letter",
        {
            "heading": {"en": "Welcome", "cy": "Croeso: ŵyn"},
            "body": {"en": "One.\n\nTwo.\n", "cy": "Un\ndau"},
            "signature": {"name": "Mared Elis", "role": {}},
        },
        id="12345678",
        only_for=OnlyFor("cy"),
    )
    content = EditionContent("2026-10", "news", ("en", "cy"), {"en": "no"}, {}, (section,))

    assert (
        write_edition(content)
        == """\
edition: "2026-10"
topic: news
languages: [en, cy]
form: separate
segment: null
subject:
  en: "no"
preheader: {}
sections:
  - kind: letter
    id: "12345678"
    only_for: {language: cy}
    heading:
      en: Welcome
      cy: "Croeso: ŵyn"
    body:
      en: |
        One.

        Two.
      cy: |-
        Un
        dau
    signature:
      name: Mared Elis
      role: {}
"""
    )


def test_the_samples_that_we_ship_survive_being_written() -> None:
    samples = [
        read_sample(CATALOGUE.kinds[kind], ("en", "cy"))
        for kind in ("masthead", "letter", "article")
    ]
    content = replace(content_with("x"), languages=("en", "cy"), sections=tuple(samples))

    assert read(write_edition(content)) == content
