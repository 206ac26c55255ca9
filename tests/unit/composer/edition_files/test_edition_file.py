"""Reading edition files: everything that an author may write, and every fault in one go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.edition_files.edition_file import read_edition, read_sample
from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.editions import EditionContent, Form, OnlyFor
from newsletter.domain.errors import Fault, FaultyFile
from newsletter.resources import templates_folder

CATALOGUE = load_catalogue([templates_folder()])

HEAD = """\
edition: "2031-04"
topic: monthly-bulletin
languages: [en, cy]
form: separate
segment: null
subject: {en: "Spring news", cy: "Newyddion y gwanwyn"}
preheader: {en: "The quay is open", cy: "Mae'r cei ar agor"}
sections:
"""
LETTER = """\
  - kind: letter
    heading: {en: "Welcome", cy: "Croeso"}
    body:
      en: |
        Dear {name|friend},

        the quay is **open**.
      cy: |
        Annwyl {name|gyfaill},
    signature: {name: "Mared Elis", role: {en: "Harbour Master", cy: "Harbwrfeistr"}}
"""
ARTICLE = """\
  - kind: article
    heading: {en: "Tours", cy: "Teithiau"}
    image: {src: images/a.png, alt: {en: "A lighthouse", cy: "Goleudy"}}
    body: {en: "Come.", cy: "Dewch."}
    link: {label: {en: "Book", cy: "Archebwch"}, url: https://example.org/}
"""
WELSH_BODY = 'heading: {cy: "X"}\n    body: {cy: "Y"}'


def read(text: str, catalogue: Catalogue = CATALOGUE) -> EditionContent:
    return read_edition(text.encode(), "edition.yaml", catalogue)


def faults_of(text: str) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def test_everything_an_author_wrote_is_read_in_the_authors_order() -> None:
    content = read(HEAD + LETTER + ARTICLE)

    assert (content.slug, content.topic) == ("2031-04", "monthly-bulletin")
    assert content.languages == ("en", "cy")
    assert content.subject == {"en": "Spring news", "cy": "Newyddion y gwanwyn"}
    assert content.preheader["cy"] == "Mae'r cei ar agor"
    assert [section.kind for section in content.sections] == ["letter", "article"]
    letter, article = content.sections
    assert list(letter.fields) == ["heading", "body", "signature"]
    assert letter.fields["body"] == {
        "en": "Dear {name|friend},\n\nthe quay is **open**.\n",
        "cy": "Annwyl {name|gyfaill},\n",
    }
    assert article.fields["image"] == {
        "src": "images/a.png",
        "alt": {"en": "A lighthouse", "cy": "Goleudy"},
    }


def test_every_key_knows_its_line() -> None:
    content = read(HEAD + LETTER + ARTICLE)

    letter, article = content.sections
    assert content.file == "edition.yaml"
    assert (content.lines["edition"], content.lines["subject.cy"]) == (1, 6)
    assert (letter.lines[""], letter.lines["body.en"], letter.lines["body.cy"]) == (9, 12, 16)
    assert letter.lines["signature.role.cy"] == 18
    assert (article.lines["image.alt.cy"], article.lines["link.url"]) == (21, 23)


def test_the_samples_that_we_ship_can_be_read_in_both_languages() -> None:
    samples = [read_sample(kind, ("en", "cy")) for kind in CATALOGUE.kinds.values()]

    assert [sample.kind for sample in samples] == list(CATALOGUE.kinds)
    assert {field.name for field in CATALOGUE.kinds["article"].fields} == set(samples[0].fields)


def test_a_sample_of_another_kind_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text("kind: letter\n")

    with pytest.raises(FaultyFile, match='there is no section kind "letter"'):
        read_sample(replace(CATALOGUE.kinds["article"], folder=tmp_path), ("en",))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(("subject: {en:", 'subject: {cy: ""}\n#'), id="a subject without words"),
        pytest.param(('subject: {en: "Spring news", cy: "Newyddion y gwanwyn"}\n', ""), id="none"),
        pytest.param(('preheader: {en: "The', "preheader:\n#"), id="an empty preheader"),
        pytest.param(('heading: {en: "Welcome", cy: "Croeso"}', 'heading: {en: "Hi"}'), id="no cy"),
        pytest.param(('heading: {en: "Welcome", cy: "Croeso"}', "heading:"), id="no words yet"),
        pytest.param(('heading: {en: "Welcome", cy: "Croeso"}', "heading: Hi"), id="plain words"),
        pytest.param((', alt: {en: "A lighthouse", cy: "Goleudy"}', ""), id="no alt"),
        pytest.param(("{name|friend}", "{nmae} {"), id="an unknown merge value"),
    ],
)
def test_what_can_be_composed_but_not_sent_is_left_to_the_checks(change: tuple[str, str]) -> None:
    text = (HEAD + LETTER + ARTICLE).replace(*change)

    content = read(text)

    assert text != HEAD + LETTER + ARTICLE
    assert len(content.sections) == 2


def test_a_language_without_words_is_left_out_of_the_mapping() -> None:
    content = read(HEAD + LETTER.replace('cy: "Croeso"', "cy: "))

    assert content.sections[0].fields["heading"] == {"en": "Welcome"}
    assert content.sections[0].lines["heading.cy"] == 10


def test_a_required_field_with_nothing_in_it_lacks_every_language() -> None:
    content = read(HEAD + LETTER.replace('{en: "Welcome", cy: "Croeso"}', ""))

    assert content.sections[0].fields["heading"] == {}


def test_plain_words_are_kept_as_they_were_written() -> None:
    content = read(HEAD + LETTER.replace('{en: "Welcome", cy: "Croeso"}', "Welcome"))

    assert content.sections[0].fields["heading"] == "Welcome"


def test_a_plain_subject_is_in_the_editions_first_language() -> None:
    content = read(
        HEAD.replace('{en: "Spring news", cy: "Newyddion y gwanwyn"}', "Spring news") + LETTER
    )

    assert content.subject == {"en": "Spring news"}


def test_an_edition_of_one_language_needs_no_mappings() -> None:
    content = read(
        'edition: "1"\ntopic: t\nlanguages: [no]\nsubject: Nytt\nsections:\n'
        "  - {kind: letter, heading: Hei, body: Velkommen}\n"
    )

    assert content.languages == ("no",)
    assert content.subject == {"no": "Nytt"}
    assert content.sections[0].fields == {"heading": "Hei", "body": "Velkommen"}


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "2031-04", "2031-04-01", "1_000"])
def test_words_that_older_yaml_took_for_something_else_are_words(word: str) -> None:
    content = read(HEAD + LETTER.replace('"Mared Elis"', word))

    assert content.sections[0].fields["signature"]["name"] == word


def test_a_decorative_image_is_a_truth_not_a_word() -> None:
    content = read(HEAD + ARTICLE.replace("images/a.png,", "images/a.png, decorative: true,"))

    assert content.sections[0].fields["image"]["decorative"] is True
    assert '"image.decorative" is not a yes or no; write true or false' in faults_of(
        HEAD + ARTICLE.replace("images/a.png,", "images/a.png, decorative: yes,")
    )[0].removeprefix("edition.yaml:11: ")


def test_a_section_may_be_for_one_of_the_languages_only() -> None:
    content = read(HEAD + f"  - kind: letter\n    only_for: {{language: cy}}\n    {WELSH_BODY}\n")

    assert content.sections[0].only_for == OnlyFor("cy")
    assert list(content.sections[0].fields) == ["heading", "body"]


def test_a_section_keeps_its_id() -> None:
    content = read(HEAD + LETTER.replace("kind: letter", 'kind: letter\n    id: "12345678"'))

    assert content.sections[0].id == "12345678"


def test_all_faults_come_in_one_go_in_the_order_of_the_lines() -> None:
    text = (
        HEAD.replace('"2031-04"', "2031").replace("form: separate", "form: stcked")
        + LETTER.replace("heading", "heeding").replace('cy: "Harbwrfeistr"', 'de: "Hafen"')
        + "  - kind: leter\n"
    )

    assert faults_of(text) == [
        'edition.yaml:1: "edition" is a number, not text; put quotes round it: edition: "2031"',
        'edition.yaml:4: "form" cannot be "stcked"; write separate, a mail for each language, or '
        "stacked, all languages in one",
        'edition.yaml:9: letter lacks "heading"; add heading: …',
        'edition.yaml:10: letter has no "heeding"; did you mean "heading"?',
        'edition.yaml:18: "signature.role" has words in "de", which is not one of the languages; '
        "use one of: en, cy",
        'edition.yaml:19: there is no section kind "leter"; did you mean "letter"?',
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"2031-04"', '"2031/04"', 1, '"edition" cannot be "2031/04"; use small letters'),
        ('"2031-04"', "", 1, '"edition" is empty; write edition: "…"'),
        ("topic: monthly-bulletin", "toppic: monthly", 2, 'did you mean "topic"?'),
        ("[en, cy]", "[en, welsh]", 3, "'welsh' is not a language tag; write BCP 47"),
        ("[en, cy]", "[en, cy, en]", 3, 'the language "en" is given twice'),
        ("[en, cy]", "[en, cy, mul]", 3, "'mul' is not a language tag"),
        ("[en, cy]", "[en, 2031]", 3, "'2031' is not a language tag"),
        ("[en, cy]", "en", 3, '"languages" is not a list of languages; write languages: [en, cy]'),
        ("segment: null", "segment: All staff", 5, '"segment" cannot be "All staff"; write the'),
        ("{en: \"Welcome\", cy: \"Croeso\"}", "[Welcome]", 10, '"heading" is a list'),
        ("{en: \"Welcome\", cy: \"Croeso\"}", "true", 10, '"heading" is a boolean, not text'),
        ('en: "Welcome"', "en: 2031", 10, 'put quotes round it: en: "2031"'),
        ('en: "Welcome"', "en: [a]", 10, '"heading.en" is not text'),
        ('en: "Welcome"', r'en: "Wel\ncome"', 10, 'there is a line break in "heading.en"'),
        ('en: "Welcome"', r'en: "Wel\tcome"', 10, 'there is a tab in "heading.en"'),
        ('en: "Welcome"', r'en: "Wel\u2028come"', 10, "the control character U+2028"),
        ('signature: {name: "Mared Elis"', 'signature: {nmae: "M"', 18, '"signature" has no "nma'),
        ('signature: {name: "Mared Elis", ', "signature: {", 18, '"signature" lacks "name"'),
        ("kind: letter", "kind: letter\n    id: A B", 10, '"id" cannot be "A B"'),
        ("kind: letter", "kind: letter\n    only_for: cy", 10, '"only_for" names no language'),
        ("kind: letter", "kind: letter\n    only_for: {language: de}", 10, 'names "de", which is'),
        ("kind: letter", "kind: letter\n    only_for: {segment: A}", 10, '"only_for.segment"'),
        ("kind: letter", "kind: letter\n    only_for: {county: a}", 10, '"only_for" names no'),
        ("kind: letter", "knd: letter", 9, 'this section lacks "kind"'),
        ("  - kind: letter\n", "  - letter\n  - kind: letter\n", 9, "this is not a section"),
        ("images/a.png", "../a.png", 21, '"image.src" leads out of the folder: ../a.png'),
        ("images/a.png", "/a.png", 21, "starts at the root of the disk"),
        ("images/a.png", "images\\a.png", 21, "has a backslash"),
        ("images/a.png", '"https://example.org/a.png"', 21, "is an address, not a file"),
        ("images/a.png", '"C:a.png"', 21, "is an address, not a file"),
        ("images/a.png", '""', 21, '"image.src" is empty'),
        ("{src: images/a.png, alt", "{alt", 21, '"image" lacks "src"'),
        ("{src: images/a.png, alt: {en: \"A lighthouse\", cy: \"Goleudy\"}}", "a.png", 21,
         '"image" is not a mapping; write image: {src: …, alt: …, decorative: …'),
    ],
)  # fmt: skip
def test_each_fault_names_its_line_and_its_cure(old: str, new: str, line: int, words: str) -> None:
    text = HEAD + LETTER + ARTICLE
    assert old in text

    faults = faults_of(text.replace(old, new, 1))

    assert any(fault.startswith(f"edition.yaml:{line}: ") and words in fault for fault in faults), (
        faults
    )


def test_words_have_the_length_that_the_kind_allows() -> None:
    most = next(f for f in CATALOGUE.kinds["letter"].fields if f.name == "heading").max_length
    assert most is not None

    def with_heading(length: int) -> str:
        return HEAD + LETTER.replace("Welcome", length * "ŵ")

    assert read(with_heading(most))
    assert faults_of(with_heading(most + 1)) == [
        f'edition.yaml:10: "heading.en" has {most + 1} characters; {most} is the most; shorten it'
    ]


@pytest.mark.parametrize("subject", [r'"a\rb"', r'"a\nb"', r'"a\0b"', r'"a\x85b"', r'"a\x7fb"'])
def test_nothing_that_could_break_a_header_is_read_in_a_subject(subject: str) -> None:
    """M12."""
    faults = faults_of(HEAD.replace('"Spring news"', subject) + LETTER)

    assert len(faults) == 1
    assert faults[0].startswith("edition.yaml:6: there is ")
    assert 'in "subject.en"' in faults[0]


def test_tabs_and_line_breaks_belong_to_rich_text() -> None:
    body = r'body: {en: "a\n\tb", cy: "c"}'

    content = read(HEAD + f"  - kind: letter\n    heading: {{en: A, cy: B}}\n    {body}\n")

    assert content.sections[0].fields["body"]["en"] == "a\n\tb"


def test_a_control_character_in_the_file_is_a_fault_at_its_own_line() -> None:
    """M12, X3."""
    faults = faults_of(HEAD + LETTER.replace("the quay is", "the \x07quay is"))

    assert faults == [
        "edition.yaml:15: there is the control character U+0007 in the text; delete it"
    ]


@pytest.mark.parametrize(
    "heading",
    ["{name|friend}", "{name|}", "{name|dear: x}", "{name}", "{en: {name|friend}, cy: Helo}"],
)
def test_a_merge_value_without_quotes_is_told_to_put_quotes_round_it(heading: str) -> None:
    faults = faults_of(HEAD + LETTER.replace('{en: "Welcome", cy: "Croeso"}', heading))

    assert len(faults) == 1
    assert faults[0].startswith("edition.yaml:10: ")
    assert "put quotes round" in faults[0]


def test_an_edition_without_sections_is_a_fault() -> None:
    assert 'this is not an edition; begin with: edition: "2026-10"' in faults_of("- a")[0]
    assert faults_of(HEAD + "  []\n")[0].startswith('edition.yaml:8: "sections" is not a list')
    assert 'an edition lacks "sections"' in faults_of(HEAD.replace("sections:\n", ""))[0]


def test_a_required_field_whose_key_is_absent_is_a_fault() -> None:
    faults = faults_of(HEAD + '  - kind: article\n    heading: {en: "A", cy: "B"}\n')

    assert faults == ['edition.yaml:9: article lacks "body"; add body: …']


def test_an_id_belongs_to_one_section() -> None:
    section = LETTER.replace("kind: letter", "kind: letter\n    id: first")

    faults = faults_of(HEAD + section + section)

    assert faults == [
        'edition.yaml:21: the id "first" is given twice; the first is on line 10; delete this one '
        "to get a new id"
    ]


@pytest.mark.parametrize("count", [1, 2])
def test_a_masthead_stands_at_the_top_once(count: int) -> None:
    masthead = '  - kind: masthead\n    title: {en: "A", cy: "B"}\n'

    assert read(HEAD + masthead + LETTER).sections[0].kind == "masthead"
    assert len(faults_of(HEAD + LETTER + count * masthead)) == count


@given(st.text(max_size=200) | st.sampled_from([HEAD, LETTER, ARTICLE]), st.integers(0, 900))
def test_whatever_is_in_a_file_it_is_read_or_its_faults_are_told(part: str, at: int) -> None:
    text = HEAD + LETTER + ARTICLE

    faults: tuple[Fault, ...] | None = None
    try:
        read(text[:at] + part + text[at:])
    except FaultyFile as error:
        faults = error.faults

    assert faults is None or faults
    assert all(fault.line is None or fault.line > 0 for fault in faults or ())


def section_of(yaml: str) -> dict[str, object]:
    (section,) = read(HEAD + yaml).sections
    return dict(section.fields)


EVENTS = """\
  - kind: events
    heading: {en: "What is on", cy: "Beth sydd ymlaen"}
    events:
      - title: {en: "Open day", cy: "Diwrnod agored"}
        start: 2031-04-05 10:00
      - title: {en: "Walk", cy: "Taith gerdded"}
        start: 2031-04-06
"""


def test_a_list_is_read_item_by_item_each_with_its_line() -> None:
    (section,) = read(HEAD + EVENTS).sections

    first, second = section.fields["events"]
    assert (first["start"], second["start"]) == ("2031-04-05 10:00", "2031-04-06")
    lines = section.lines
    assert lines["events.2.start"] - lines["events.1.start"] == 2
    assert lines["events.1"] == lines["events.1.title"] == lines["events"] + 1


def test_numbers_need_no_quotes_where_words_mean_the_same_in_all_languages() -> None:
    fields = section_of(
        """\
  - kind: table
    caption: {en: "Visitors", cy: "Ymwelwyr"}
    columns: [{en: "Year", cy: "Blwyddyn"}, {en: "People", cy: "Pobl"}]
    rows:
      - [2029, 12.50]
      - ["2030", {en: "none", cy: "dim"}]
"""
    )

    assert fields["rows"] == [["2029", "12.50"], ["2030", {"en": "none", "cy": "dim"}]]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2031-04-05 10:00", "2031-02-30", '"events.1.start" cannot be "2031-02-30"; write year'),
        ("2031-04-05 10:00", "5 April", '"events.1.start" cannot be "5 April"'),
        ("2031-04-05 10:00", "2031-04-05 25:00", '"events.1.start" cannot be "2031-04-05 25:00"'),
        ('title: {en: "Open day"', 'titel: {en: "Open day"', '"events.1" has no "titel"'),
        ('- title: {en: "Walk"', '- walk\n      - title: {en: "Walk"', '"events.2" is not'),
    ],
)  # fmt: skip
def test_a_fault_in_a_list_names_the_item(old: str, new: str, words: str) -> None:
    assert old in EVENTS

    assert any(words in fault for fault in faults_of(HEAD + EVENTS.replace(old, new, 1)))


def test_a_list_that_is_none_or_too_long_is_told_what_to_do() -> None:
    figures = "  - kind: figures\n    figures: {}\n".format
    one = '\n      - {value: 1, label: {en: "a", cy: "b"}}'

    assert '"figures" is not a list; write a dash before each' in faults_of(HEAD + figures("12"))[0]
    assert '"figures" has 1 of them; write at least 2' in faults_of(HEAD + figures(one))[0]
    assert '"figures" has 5 of them; keep 4' in faults_of(HEAD + figures(one * 5))[0]


def test_a_choice_that_is_none_is_told_the_nearest() -> None:
    notice = """\
  - kind: notice
    type: alrt
    heading: {en: "a", cy: "b"}
    body: {en: "c", cy: "d"}
"""

    assert '"type" cannot be "alrt"; did you mean "alert"?' in faults_of(HEAD + notice)[0]


def test_an_edition_may_be_stacked() -> None:
    content = read(HEAD.replace("form: separate", "form: stacked") + LETTER)

    assert content.form is Form.STACKED


def test_a_section_may_be_for_a_segment_and_a_language() -> None:
    only = LETTER.replace(
        "kind: letter", "kind: letter\n    only_for: {segment: powys, language: cy}"
    )

    assert read(HEAD + only).sections[0].only_for == OnlyFor("cy", "powys")
