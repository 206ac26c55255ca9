"""The catalogue of section kinds: what a section.toml may say, and whose word counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.composer.kinds.catalogue import kind_as_json, kind_json_schema, load_catalogue
from newsletter.composer.kinds.kinds import FieldType
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


def test_the_program_ships_three_kinds_in_two_languages() -> None:
    kinds = load_catalogue([templates_folder()]).kinds

    assert list(kinds) == ["article", "letter", "masthead"]
    assert [field.name for field in kinds["article"].fields] == ["heading", "image", "body", "link"]
    for kind in kinds.values():
        declared = [kind.labels]
        for field in (*kind.fields, *(inner for one in kind.fields for inner in one.fields)):
            declared += [field.labels, field.help]
        assert all(words.keys() == {"en", "cy"} for words in declared)
        assert kind.sample_file.is_file()


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
        ("400", '"400"', "fields.words.max_length: this is not a number of characters"),
        ("400", "0", "fields.words.max_length: this is not a number of characters"),
        ("required = true\nmax", 'required = "yes"\nmax', "fields.words.required: this is not"),
        ('en = "Quotation"', 'english = "Quotation"', '"english" is not a language tag'),
        ('en = "Quotation"', "en = 3", "labels.en: this is not text"),
        ('en = "Quotation"', r'en = "a\nb"', "labels.en: there is a line break in the text"),
        ('{ en = "What was said." }', '"What"', "fields.words.help: these are not words"),
        ("[fields.words]", "[fields.kind]", 'fields.kind: a field cannot be called "kind"'),
        ("[fields.words]", "[fields.Words]", 'fields.Words: a field cannot be called "Words"'),
        ('"group"', '"group"\nneutral = true', "fields.source.neutral: a field of type group"),
        ('"group"', '"group"\nmax_length = 3', "fields.source.max_length: a group has no length"),
        ('"group"', '"words"', "fields.source.fields: only a group has fields"),
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
    assert [one["type"] for one in name["anyOf"]] == ["string", "object"]


def test_in_an_edition_of_one_language_the_json_schema_allows_plain_words(tmp_path: Path) -> None:
    schema = kind_json_schema(load_catalogue([declare(tmp_path, QUOTE)]).kinds["quote"], ("cy",))

    assert schema["properties"]["words"]["anyOf"][0]["type"] == "string"


def test_the_json_schema_of_an_image_asks_for_its_source() -> None:
    kind = load_catalogue([templates_folder()]).kinds["article"]

    image = kind_json_schema(kind, ("en", "cy"))["properties"]["image"]

    assert image["required"] == ["src"]
    assert list(image["properties"]) == ["src", "alt", "decorative"]
