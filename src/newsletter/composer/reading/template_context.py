"""What a section template sees: the author's words of one language, read and made safe.

Every field is read once and comes out twice, for the HTML and for the text template. What cannot be
read becomes empty and a finding, so that one look at an edition names all that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.kinds.kinds import Field, FieldType
from newsletter.composer.pictures.images import Picture
from newsletter.composer.words.merge_values import Marks, mark_url
from newsletter.composer.words.problems import LinkProblem, MergeProblem, Report
from newsletter.composer.words.richtext import may_be_linked, read_rich_text
from newsletter.composer.words.words import NOTHING, Written, read_words
from newsletter.domain.editions import Value

Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class SectionContext:
    """The fields of one section by name, for `section.mjml.j2` and for `section.txt.j2`."""

    html: Context
    text: Context


class SectionReader:
    """Reads the fields of sections in one language.

    `pictures` maps `src` to an image that can be shown, or to the reason why it cannot;
    `is_single` says that there is but one language, so that a plain string is in it.
    """

    def __init__(
        self,
        pictures: Mapping[str, Picture | str],
        marks: Marks,
        findings: FindingList,
        *,
        is_single: bool,
    ) -> None:
        self._pictures = pictures
        self._marks = marks
        self._findings = findings
        self._is_single = is_single

    def read(
        self, fields: tuple[Field, ...], values: Mapping[str, Value], place: Place
    ) -> SectionContext:
        """The values of `fields`; a field that the author left out is empty: "" or None."""
        context = SectionContext({}, {})
        for field in fields:
            html, text = self._read_field(field, values.get(field.name), place.at(field.name))
            context.html[field.name] = html
            context.text[field.name] = text
        return context

    def _read_field(self, field: Field, value: Value, place: Place) -> tuple[object, object]:
        if field.type in (FieldType.GROUP, FieldType.IMAGE):
            if not isinstance(value, Mapping):
                return None, None
            if field.type is FieldType.GROUP:
                group = self.read(field.fields, value, place)
                return group.html, group.text
            image = self._image(value, place)
            return image, image
        if field.type is FieldType.URL:
            url = self._url(field, value, place)
            return url, url
        written = self._written(field, value, place)
        return written.html, written.text

    def _written(self, field: Field, value: Value, place: Place) -> Written:
        source = self._in_language(field, value, place)
        if not source.strip():
            return NOTHING
        read = read_rich_text if field.type is FieldType.RICH_TEXT else read_words
        return read(source, self._marks, self._reporting(place))

    def _url(self, field: Field, value: Value, place: Place) -> str:
        """An address that may stand in a link, or ""."""
        neutral = Field(field.name, field.type, required=field.required, neutral=True)
        source = self._in_language(neutral, value, place).strip()
        report = self._reporting(place)
        url = mark_url(source, self._marks, report)
        if may_be_linked(url):
            return url
        if url:
            report(LinkProblem(url))
        return ""

    def _image(self, value: Mapping[str, Value], place: Place) -> Context | None:
        source = str(value.get("src") or "")
        decorative = value.get("decorative") is True
        alt = NOTHING if decorative else self._alt(value.get("alt"), place.at("alt"), source)
        picture = self._pictures.get(source)
        if not isinstance(picture, Picture):
            case = "missing" if picture is None else "unusable"
            self._findings.add("image-missing", case, place.at("src"), src=source, reason=picture)
            return None
        return {
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
            "alt": alt.text,
            "decorative": decorative,
        }

    def _alt(self, value: Value, place: Place, source: str) -> Written:
        if not _has_words(value):
            self._findings.add("alt-missing", "missing", place, src=source)
            return NOTHING
        return self._written(Field("alt", FieldType.WORDS), value, place)

    def _in_language(self, field: Field, value: Value, place: Place) -> str:
        """The author's words in the place's language, or "" and a finding when they are owed."""
        if isinstance(value, Mapping):
            words = value.get(place.language)
            if isinstance(words, str) and words.strip():
                return words
            if _has_words(value):
                self._findings.add("translation-missing", "missing", place)
                return ""
        elif isinstance(value, str) and value.strip():
            if not (field.neutral or self._is_single):
                self._findings.add("translation-missing", "one-for-all", place)
            return value
        if field.required:
            self._findings.add("translation-missing", "empty", place)
        return ""

    def _reporting(self, place: Place) -> Report:
        return reporter(self._findings, place)


def reporter(findings: FindingList, place: Place) -> Report:
    """What turns the problems met in a text at `place` into findings."""

    def report(problem: MergeProblem | LinkProblem) -> None:
        if isinstance(problem, LinkProblem):
            findings.add("link-scheme", "refused", place, url=problem.url)
            return
        findings.add(
            "merge-unknown",
            problem.fault.value,
            place,
            written=problem.written,
            suggestion=problem.suggestion,
        )

    return report


def _has_words(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(isinstance(words, str) and words.strip() for words in value.values())
    return isinstance(value, str) and bool(value.strip())
