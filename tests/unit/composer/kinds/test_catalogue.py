"""The catalogue of section kinds: what a section.toml may say, and whose word counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.kind_json import kind_as_json, kind_json_schema
from newsletter.composer.kinds.kinds import CalendarRule, Field, FieldType, ImageRule
from newsletter.domain.errors import FaultyFile
from newsletter.resources import templates_folder

QUOTE = """\
[labels]
en = "Quotation"
cy = "Dyfyniad"

[fields.words]
type = "rich-text"
required = true
max_length = 400
labels = { en = "Words", cy = "Geiriau" }
help = { en = "What was said." }

[fields.source]
type = "group"

[fields.source.fields.name]
type = "words"
required = true
neutral = true
"""


def declare(folder: Path, toml: str, kind: str = "quote") -> Path:
    section = folder / "sections" / kind
    section.mkdir(parents=True)
    (section / "section.toml").write_text(toml, encoding="utf-8")
    return folder


def faults_of(folder: Path, toml: str, kind: str = "quote") -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        load_catalogue([declare(folder, toml, kind)])
    file = str(folder / "sections" / kind / "section.toml")
    assert all(fault.file == file for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{file}: ") for fault in caught.value.faults]


def every_field(fields: Sequence[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from every_field(field.fields)
        yield from every_field(field.item.fields if field.item else ())


def test_the_program_ships_sixteen_kinds_in_two_languages() -> None:
    kinds = load_catalogue([templates_folder()]).kinds

    assert list(kinds) == [
        *("article", "call-to-action", "cards", "contact", "contents", "divider", "documents"),
        *("events", "figures", "image", "letter", "masthead", "notice", "quote", "social", "table"),
    ]
    for kind in kinds.values():
        declared = [kind.labels]
        for field in every_field(kind.fields):
            declared += [field.labels, field.help, *field.options.values()]
        assert all(words.keys() == {"en", "cy"} for words in declared), kind.name
        assert kind.sample_file.is_file()


@pytest.mark.parametrize("name", list(load_catalogue([templates_folder()]).kinds))
def test_every_sample_is_valid_by_its_json_schema(name: str) -> None:
    """Judged by another library than the one that reads editions."""
    kind = load_catalogue([templates_folder()]).kinds[name]
    sample = yaml.load(kind.sample_file.read_text(encoding="utf-8"), yaml.BaseLoader)

    validator = Draft202012Validator(kind_json_schema(kind, ("en", "cy")))

    assert [error.message for error in validator.iter_errors(sample)] == []


def test_a_folder_with_a_section_toml_is_a_kind(tmp_path: Path) -> None:
    catalogue = load_catalogue([declare(tmp_path, QUOTE)])

    kind = catalogue.kinds["quote"]
    words, source = kind.fields
    assert kind.labels == {"en": "Quotation", "cy": "Dyfyniad"}
    assert kind.folder == tmp_path / "sections" / "quote"
    assert (words.type, words.required, words.max_length) == (FieldType.RICH_TEXT, True, 400)
    assert words.help == {"en": "What was said."}
    assert source.type is FieldType.GROUP
    assert [(inner.name, inner.neutral) for inner in source.fields] == [("name", True)]


def test_the_first_folder_has_the_say_and_adds_to_the_others(tmp_path: Path) -> None:
    own = declare(tmp_path / "own", QUOTE.replace("400", "900"))
    declare(own, '[labels]\nen = "Note"\n[fields.a]\ntype = "words"\n', kind="note")
    shipped = declare(tmp_path / "shipped", QUOTE)

    catalogue = load_catalogue([own, shipped])

    assert catalogue.folders == (own, shipped)
    assert list(catalogue.kinds) == ["note", "quote"]
    assert catalogue.kinds["quote"].fields[0].max_length == 900


def test_a_folder_may_hold_templates_alone_for_a_kind_of_another(tmp_path: Path) -> None:
    (tmp_path / "own" / "sections" / "quote").mkdir(parents=True)
    (tmp_path / "own" / "sections" / "__pycache__").mkdir()
    shipped = declare(tmp_path / "shipped", QUOTE)

    catalogue = load_catalogue([tmp_path / "own", tmp_path / "none", shipped])

    assert catalogue.kinds["quote"].folder == shipped / "sections" / "quote"


def test_templates_of_a_kind_that_nobody_declares_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "sections" / "qoute").mkdir(parents=True)

    with pytest.raises(FaultyFile, match=r"qoute: this kind has no section\.toml"):
        load_catalogue([tmp_path])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[labels]", "[lables]", 'lables: there is no such key; did you mean "labels"?'),
        ("[labels]", "[lables]", "labels are missing; write [labels] with en"),
        ('"rich-text"', '"rich_text"', 'there is no type "rich_text"; did you mean "rich-text"?'),
        ('type = "rich-text"\n', "", "fields.words.type: it is missing; use one of: words"),
        ("max_length", "maxlength", 'fields.words.maxlength: there is no such key; did you'),
        ("400", '"400"', "fields.words.max_length: this is not a number that fits"),
        ("400", "0", "fields.words.max_length: this is not a number that fits; write 1"),
        ("required = true\nmax", 'required = "yes"\nmax', "fields.words.required: this is not"),
        ('en = "Quotation"', 'english = "Quotation"', '"english" is not a language tag'),
        ('en = "Quotation"', "en = 3", "labels.en: this is not text"),
        ('en = "Quotation"', r'en = "a\nb"', "labels.en: there is a line break in the text"),
        ('{ en = "What was said." }', '"What"', "fields.words.help: these are not words"),
        ("[fields.words]", "[fields.kind]", 'fields.kind: a field cannot be called "kind"'),
        ("[fields.words]", "[fields.Words]", 'fields.Words: a field cannot be called "Words"'),
        ('"group"', '"group"\nneutral = true', "fields.source.neutral: there is no such key"),
        ('"group"', '"group"\nmax_length = 3', "fields.source.max_length: there is no such key"),
        ('"group"', '"words"', "fields.source.fields: there is no such key"),
        ("[fields.source.fields.name]", "[fields.other]", "source.fields: no field is declared"),
    ],
)  # fmt: skip
def test_faults_name_the_file_and_the_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in QUOTE

    faults = faults_of(tmp_path, QUOTE.replace(old, new, 1))

    assert any(words in fault for fault in faults), faults


def test_all_faults_of_a_section_toml_come_in_one_go(tmp_path: Path) -> None:
    toml = QUOTE.replace('"rich-text"', '"text"').replace("neutral", "neutrl")

    assert len(faults_of(tmp_path, toml)) == 2


LISTED = """\
[labels]
en = "Listed"
[fields.items]
type = "list"
min_items = 2
max_items = 3
[fields.items.item]
type = "group"
calendar = { summary = "title", start = "start" }
[fields.items.item.fields.title]
type = "words"
[fields.items.item.fields.start]
type = "date"
[fields.tone]
type = "choice"
options = { calm = { en = "Calm", cy = "Tawel" }, loud = { en = "Loud", cy = "Uchel" } }
[fields.image]
type = "image"
positions = { above = 576, beside = 232 }
crop = "3:2"
"""


def test_lists_choices_and_images_are_declared(tmp_path: Path) -> None:
    items, tone, image = load_catalogue([declare(tmp_path, LISTED)]).kinds["quote"].fields

    assert (items.min_items, items.max_items) == (2, 3)
    assert items.item is not None
    assert [field.type for field in items.item.fields] == [FieldType.WORDS, FieldType.DATE]
    assert items.item.calendar == CalendarRule("title", "start")
    assert (list(tone.options), tone.first_option) == (["calm", "loud"], "calm")
    assert image.image == ImageRule(576, Fraction(3, 2), {"above": 576, "beside": 232})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("min_items = 2", 'min_items = "2"', "fields.items.min_items: this is not a number"),
        ("[fields.items.item]", "[fields.items.itm]", "fields.items.itm: there is no such key"),
        ('start = "start" }', 'start = "begin" }', 'calendar: the group has no field "begin"'),
        ('summary = "title", ', "", "calendar: it does not say which fields are its summary"),
        (', loud = { en = "Loud", cy = "Uchel" }', "", "tone.options: there is nothing to choose"),
        ("loud =", '"Loud!" =', 'tone.options: an option cannot be called "Loud!"'),
        ("beside = 232", "beside = 900", "image.positions.beside: this is no width"),
        ('crop = "3:2"', 'crop = "3x2"', "image.crop: these are no proportions"),
        ('type = "date"', 'type = "day"', 'there is no type "day"'),
    ],
)  # fmt: skip
def test_faults_of_lists_choices_and_images_name_the_key(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in LISTED

    faults = faults_of(tmp_path, LISTED.replace(old, new, 1))

    assert any(words in fault for fault in faults), faults


def test_what_is_not_toml_is_a_fault_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, QUOTE.replace('en = "Quotation"', "en = Quotation"))

    assert "section.toml:2: this is not TOML" in fault


def test_a_kind_is_called_like_its_folder_in_small_letters(tmp_path: Path) -> None:
    assert 'a kind cannot be called "Big quote"' in faults_of(tmp_path, QUOTE, "Big quote")[0]


def test_a_kind_is_told_as_json_with_all_that_is_declared(tmp_path: Path) -> None:
    told = kind_as_json(load_catalogue([declare(tmp_path, QUOTE)]).kinds["quote"])

    assert told["kind"] == "quote"
    assert told["labels"] == {"en": "Quotation", "cy": "Dyfyniad"}
    assert told["fields"][0] == {
        "name": "words",
        "type": "rich-text",
        "required": True,
        "max_length": 400,
        "neutral": False,
        "labels": {"en": "Words", "cy": "Geiriau"},
        "help": {"en": "What was said."},
        "fields": [],
    }
    assert told["fields"][1]["fields"][0]["name"] == "name"


def test_the_json_schema_asks_for_what_the_reader_asks_for(tmp_path: Path) -> None:
    schema = kind_json_schema(
        load_catalogue([declare(tmp_path, QUOTE)]).kinds["quote"], ("cy", "en")
    )

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["kind", "words"]
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == ["kind", "id", "only_for", "words", "source"]
    assert schema["properties"]["kind"] == {"const": "quote"}
    words = schema["properties"]["words"]
    assert words["description"] == "What was said."
    assert words["properties"]["cy"] == {"type": "string", "maxLength": 400}
    name = schema["properties"]["source"]["properties"]["name"]
    assert [one["type"] for one in name["anyOf"]] == [["string", "number"], "object"]


def test_in_an_edition_of_one_language_the_json_schema_allows_plain_words(tmp_path: Path) -> None:
    schema = kind_json_schema(load_catalogue([declare(tmp_path, QUOTE)]).kinds["quote"], ("cy",))

    assert schema["properties"]["words"]["anyOf"][0]["type"] == "string"


def test_the_json_schema_of_an_image_asks_for_its_source() -> None:
    kind = load_catalogue([templates_folder()]).kinds["article"]

    image = kind_json_schema(kind, ("en", "cy"))["properties"]["image"]

    assert image["required"] == ["src"]
    assert list(image["properties"]) == [*("src", "alt", "decorative", "crop", "focus", "position")]
