"""Words in an edition file: one text, or one for each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.composer.sources.faults import Faults, did_you_mean
from newsletter.composer.sources.text_rules import unfit_character
from newsletter.composer.sources.yaml_faults import QUOTE_MERGE_VALUE
from newsletter.composer.sources.yaml_nodes import Entry, MappingNode, Node, Scalar, ScalarKind

_IN_ONE_LINE = "write it in one line, in quotes"
_WITHOUT_IT = "write the text without it"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reading of one edition file, or of one section, shares.

    `languages` are the edition's; it is empty when they could not be read, and then any language
    passes. `lines` gains the line of every key that is met, by its dotted path.
    """

    languages: Sequence[str]
    faults: Faults
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def words_shape(self) -> str:
        """How words by language are written: `{en: "…", cy: "…"}`."""
        languages = self.languages or ("en",)
        return "{" + ", ".join(f'{language}: "…"' for language in languages) + "}"


@dataclass(frozen=True, slots=True)
class TextRule:
    """What is asked of a text: several lines or one, at most so many characters, and whether a
    number without quotes is a text, too."""

    many_lines: bool = False
    max_length: int | None = None
    numbers: bool = False


def is_null(node: Node) -> bool:
    """Whether nothing was written: `heading:` and `heading: null` alike."""
    return isinstance(node, Scalar) and node.kind is ScalarKind.NULL


def read_text(entry: Entry, path: str, rule: TextRule, reading: Reading) -> str | None:
    """The text of `entry`, or None, with a fault, when it is not one that `rule` allows.

    Refuses control characters (M12), and line breaks and tabs where one line is asked for.
    """
    node, faults = entry.value, reading.faults
    if not isinstance(node, Scalar):
        is_merge_value = isinstance(node, MappingNode) and node.is_flow
        cure = QUOTE_MERGE_VALUE if is_merge_value else f'write {entry.start} "…"'
        faults.add(entry.line, f'"{path}" is not text', cure)
        return None
    if node.kind is not ScalarKind.TEXT and not (rule.numbers and node.kind is ScalarKind.NUMBER):
        _refuse_kind(entry, node, path, faults)
        return None
    unfit = unfit_character(node.text, many_lines=rule.many_lines)
    if unfit:
        cure = _IN_ONE_LINE if unfit == "a line break" else _WITHOUT_IT
        faults.add(node.line, f'there is {unfit} in "{path}"', cure)
        return None
    if rule.max_length is not None and len(node.text) > rule.max_length:
        length = f"{len(node.text)} characters; {rule.max_length} is the most"
        faults.add(entry.line, f'"{path}" has {length}', "shorten it")
        return None
    return node.text


def read_words(
    entry: Entry, path: str, rule: TextRule, reading: Reading
) -> str | Mapping[str, str] | None:
    """A plain text or words by language, as the author wrote them; None with a fault.

    A language without words is left out: that is a missing translation, which is for the checks to
    report, as is a plain text where the kind wants words by language.
    """
    if isinstance(entry.value, MappingNode):
        return _by_language(entry.value, path, rule, reading)
    if isinstance(entry.value, Scalar):
        return read_text(entry, path, rule, reading)
    expected = f"write words by language, such as {entry.start} {reading.words_shape}"
    reading.faults.add(entry.line, f'"{path}" is a list', expected)
    return None


def _by_language(
    node: MappingNode, path: str, rule: TextRule, reading: Reading
) -> Mapping[str, str]:
    words = {}
    for entry in node.entries:
        inner = f"{path}.{entry.key}"
        reading.lines[inner] = entry.line
        if _is_merge_value(entry, node, reading):
            shown = f"{{{entry.key}}} without quotes is a mapping to YAML"
            reading.faults.add(entry.line, f'"{path}" is not text: {shown}', QUOTE_MERGE_VALUE)
        elif reading.languages and entry.key not in reading.languages:
            _refuse_language(entry, path, reading)
        elif not is_null(entry.value):
            text = read_text(entry, inner, rule, reading)
            if text is not None:
                words[entry.key] = text
    return words


def _is_merge_value(entry: Entry, node: MappingNode, reading: Reading) -> bool:
    if "|" in entry.key:
        return True
    return node.is_flow and is_null(entry.value) and entry.key not in reading.languages


def _refuse_language(entry: Entry, path: str, reading: Reading) -> None:
    message = f'"{path}" has words in "{entry.key}", which is not one of the languages'
    reading.faults.add(entry.line, message, did_you_mean(entry.key, reading.languages))


def _refuse_kind(entry: Entry, node: Scalar, path: str, faults: Faults) -> None:
    if node.kind is ScalarKind.NULL:
        faults.add(entry.line, f'"{path}" is empty', f'write {entry.start} "…"')
    elif node.kind is not ScalarKind.REFUSED:
        cure = f'put quotes round it: {entry.start} "{node.text}"'
        faults.add(entry.line, f'"{path}" is a {node.kind}, not text', cure)
