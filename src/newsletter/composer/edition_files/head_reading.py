"""The keys of an edition outside its sections: what each may hold."""

from __future__ import annotations

from newsletter.composer.edition_files.field_reading import Shape
from newsletter.composer.edition_files.words_reading import (
    Reading,
    TextRule,
    is_null,
    read_text,
    read_words,
)
from newsletter.composer.sources.yaml_nodes import Entry, ListNode, MappingNode, Scalar
from newsletter.domain.editions import SLUG, Form, Value
from newsletter.domain.languages import is_language_tag

_SLUG_CURE = "use small letters a-z, digits and hyphens, at most 64, a letter or digit first"


def languages_of(node: MappingNode) -> tuple[str, ...]:
    """The languages that an edition names, without those that are none: `EDITION` notes the faults.

    They are wanted before all else, wherever they stand in the file.
    """
    entry = node.get("languages")
    if entry is None or not isinstance(entry.value, ListNode):
        return ()
    texts = [item.text for item in entry.value.items if isinstance(item, Scalar)]
    return tuple(dict.fromkeys(text for text in texts if _is_language(text)))


def _is_language(text: str) -> bool:
    # "mul" is what a stacked mail calls itself: all of the edition's languages, not one of them.
    return is_language_tag(text) and text != "mul"


def _read_languages(entry: Entry, path: str, reading: Reading) -> Value:
    node, faults = entry.value, reading.faults
    if not isinstance(node, ListNode) or not node.items:
        faults.add(entry.line, f'"{path}" is not a list of languages', "write languages: [en, cy]")
        return None
    seen: set[str] = set()
    for item in node.items:
        text = item.text if isinstance(item, Scalar) else ""
        if not _is_language(text):
            message = f"{text!a} is not a language tag"
            faults.add(item.line, message, "write BCP 47 tags such as en, cy or en-GB")
        elif text in seen:
            faults.add(item.line, f'the language "{text}" is given twice', "keep one")
        seen.add(text)
    return None


def _read_slug(entry: Entry, path: str, reading: Reading) -> Value:
    text = read_text(entry, path, TextRule(), reading)
    if text is not None and not SLUG.fullmatch(text):
        reading.faults.add(entry.line, f'"{path}" cannot be "{text}"', _SLUG_CURE)
    return text


def _read_line(entry: Entry, path: str, reading: Reading) -> Value:
    if is_null(entry.value):
        return None
    return read_words(entry, path, TextRule(), reading)


def _read_form(entry: Entry, path: str, reading: Reading) -> Value:
    text = read_text(entry, path, TextRule(), reading)
    if text is not None and text not in list(Form):
        cure = "write separate, a mail for each language, or stacked, all languages in one"
        reading.faults.add(entry.line, f'"{path}" cannot be "{text}"', cure)
        return None
    return text


def _read_segment(entry: Entry, path: str, reading: Reading) -> Value:
    if is_null(entry.value):
        return None
    text = read_text(entry, path, TextRule(), reading)
    if text is not None and not SLUG.fullmatch(text):
        cure = "write the name of a segment, or null: everyone who subscribes to the topic"
        reading.faults.add(entry.line, f'"{path}" cannot be "{text}"', cure)
        return None
    return text


def _read_later(_entry: Entry, _path: str, _reading: Reading) -> Value:
    # Sections need the catalogue, which no reader of a single key has.
    return None


EDITION = Shape(
    "an edition",
    {
        "edition": _read_slug,
        "topic": _read_slug,
        "languages": _read_languages,
        "form": _read_form,
        "segment": _read_segment,
        "subject": _read_line,
        "preheader": _read_line,
        "sections": _read_later,
    },
    ("edition", "topic", "languages", "sections"),
)
"""What an edition may hold; its sections are read by `section_reading`."""
