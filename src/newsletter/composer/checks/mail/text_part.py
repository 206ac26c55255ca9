"""Whether the text part says what the HTML says, and looks like text: text-part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from urllib.parse import unquote

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of, words_of
from newsletter.composer.checks.mail.headings import HEADINGS
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.shown_texts import Appearance
from newsletter.composer.words.merge_values import MARK

_LEAST_SHARE = 90
_MOST_COLUMNS = 78
_WORD = re.compile(r"\w+")
_WITHIN_NUMBERS = re.compile(r"\(0\)|[\s().-]")
_BEHIND_LABEL = re.compile(r" \([^()]*\)")
_RESIDUE = re.compile(
    r"<!--|\[if mso|\bmso-|&nbsp;|&#x?[0-9a-f]+;|</?(?:a|b|br|div|em|p|span|strong|td|tr)\b[^<>]*>"
)
_INVISIBLE = "[\u00ad\u034f\u200b-\u200d\u2007\ufeff]"
_PADDING = re.compile(rf"{_INVISIBLE}\s*{_INVISIBLE}\s*{_INVISIBLE}")


def check_text_part(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Compare the two parts, and look at the lines of the text."""
    _check_words(mail, appearance, findings)
    _check_links(mail, findings)
    _check_headings(mail, findings)
    _check_lines(mail, findings)
    place = Place(mail.language)
    for residue in _residues(mail.text, appearance):
        findings.add("text-part", "residue", place, sign=residue)
    if _PADDING.search(mail.text):
        findings.add("text-part", "padding", place)


def _residues(text: str, appearance: Appearance) -> Iterator[str]:
    """What belongs to HTML, unless the author wrote about it, so that it is seen there as well."""
    if not any(sign in text for sign in ("<", "&", "[if", "mso-")):
        return
    seen = "\n".join(shown.words for shown in appearance.texts)
    yield from (residue for residue in _RESIDUE.findall(text) if residue not in seen)


def _check_words(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Each section's words, and then the other way round: the text does not say what is whose."""
    written = _tokens(mail.text)
    shown = _tokens(" ".join(image.get("alt", "") for image in mail.document.iter("img")))
    for section, texts in _by_section(mail, appearance).items():
        said = _tokens(" ".join(texts))
        _note_lack("words", said, written, Place(mail.language, section), findings)
        shown |= said
    _note_lack("more-words", written, shown, Place(mail.language), findings)


def _by_section(mail: ExaminedMail, appearance: Appearance) -> dict[int | None, list[str]]:
    """What is read in each section, and outside of them, but for images."""
    found: dict[int | None, list[str]] = {}
    for text in appearance.texts:
        found.setdefault(mail.sections.get(text.element), []).append(text.words)
    return found


def _note_lack(
    case: str, said: Set[str], heard: Set[str], place: Place, findings: FindingList
) -> None:
    if _share(said - heard, said) >= _LEAST_SHARE:
        return
    # Much of what differs does so by a comma or a bracket only.
    words = _words(said)
    missing = words - _words(heard)
    share = _share(missing, words)
    if share < _LEAST_SHARE:
        example = max(missing, key=lambda word: (len(word), word))
        findings.add("text-part", case, place, share=share, missing=example)


def _share(missing: Set[str], said: Set[str]) -> int:
    """How many per cent are not missing."""
    return 100 - 100 * len(missing) // max(len(said), 1)


def _tokens(text: str) -> frozenset[str]:
    """What stands between spaces, each once, in small letters; readers' values left out."""
    return frozenset(MARK.sub(" ", text).lower().split())


def _words(tokens: Iterable[str]) -> frozenset[str]:
    """The words of the tokens, but for addresses."""
    plain = " ".join(token for token in tokens if "://" not in token)
    return frozenset(_WORD.findall(plain))


def _check_links(mail: ExaminedMail, findings: FindingList) -> None:
    for link in mail.links:
        if not _shows(link.address, mail.text):
            place = Place(mail.language, link.section)
            readable = mail.marks.readable(link.address)
            findings.add("text-part", "link", place, label=link.label, url=readable)


def _shows(address: str, text: str) -> bool:
    """Whether the text holds the address; of an e-mail address or a number, without its scheme."""
    if address.startswith("tel:"):
        return _WITHIN_NUMBERS.sub("", address[4:]) in _WITHIN_NUMBERS.sub("", text)
    return unquote(address).removeprefix("mailto:") in text


def _check_headings(mail: ExaminedMail, findings: FindingList) -> None:
    marked = frozenset(_marked_headings(mail.text))
    for heading in mail.document.iter(*HEADINGS):
        words = words_of(heading)
        shown = mail.marks.readable(words)
        if shown and _bare(words) not in marked:  # heading-order speaks of one without words
            findings.add("text-part", "heading", place_of(heading, mail), heading=shown)


def _marked_headings(text: str) -> Iterator[str]:
    """The headings of a text: each one's lines have a line below that underlines them."""
    above: list[str] = []
    for line in text.splitlines():
        words = line.lstrip("> ")
        if words and not words.strip("-=~"):
            yield _bare(" ".join(above))
        above = [*above, words] if words.strip("-=~") else []


def _bare(heading: str) -> str:
    """A heading without what tells the two parts' ways of showing it apart."""
    return "".join(_BEHIND_LABEL.sub("", heading).split()).lower()


def _check_lines(mail: ExaminedMail, findings: FindingList) -> None:
    for line in mail.text.splitlines():
        if len(line) > _MOST_COLUMNS and " " in line.strip("> ") and not _is_open(line):
            place = Place(mail.language)
            words = f"{line[: _MOST_COLUMNS // 2]}…"
            findings.add(
                "text-part", "long-line", place, count=len(line), line=words, most=_MOST_COLUMNS
            )


def _is_open(line: str) -> bool:
    """Whether the line holds what is never broken, however long it is."""
    return "://" in line or "@" in line or MARK.search(line) is not None
