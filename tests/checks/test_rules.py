"""Every rule is kept by one edition and broken by another, at exactly the lines that say so.

Each rule has a folder with `passing.yaml` and `failing.yaml`, which is all that it takes to test a
new one. A mark at the end of a line names what must be found there, a language if it is only one:

    heading: {en: "Read more", cy: "…"}  # finding: CASE [en], CASE

and a line of its own, `# finding in the mail: CASE`, what is found in the mail as a whole. Marks
are taken out before the file is read, so they may stand inside a text, too. Templates in `failing/`
override the shipped ones for the failing edition, for what no edition file can break; they mark the
findings that name a line of theirs in comments, `{# finding: CASE #}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from string import Formatter

import pytest
from PIL import Image

from newsletter.composer.edition_files.edition_file import read_edition
from newsletter.composer.findings.rule import Rule, Wording
from newsletter.composer.findings.rules import RULES
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.findings import Finding
from tests.builders import a_catalogue, an_image, composed

FOLDER = Path(__file__).parent
ABOVE_THE_COMPOSER = {
    "link-broken": "tests/integration/test_link_checking.py",
    "translation-stale": "tests/journeys/test_keeping_languages_in_step.py",
}
"""Rules that need more than an edition, and the tests that break them."""

COMPOSED = sorted(RULES.keys() - ABOVE_THE_COMPOSER.keys())
_MARK = re.compile(r" *# finding( in the mail)?: (.+)$", re.MULTILINE)
_NAMED = re.compile(r"([a-z-]+)(?: \[([a-z]+)\])?")

Found = tuple[str, int | None, str, str | None]
"""A template, "" for the edition; a line; a case of the rule; the language, None for any."""


@pytest.mark.parametrize("rule", COMPOSED)
def test_an_edition_that_keeps_the_rule_has_no_such_finding(rule: str) -> None:
    assert _found(RULES[rule], FOLDER / rule / "passing.yaml") == set()


@pytest.mark.parametrize("rule", COMPOSED)
def test_an_edition_that_breaks_the_rule_is_told_at_each_place(rule: str) -> None:
    file = FOLDER / rule / "failing.yaml"
    expected = set(_expected(file))

    found = _found(RULES[rule], file)

    in_any = {one[:3] for one in expected if one[3] is None}
    assert {one if one[:3] not in in_any else (*one[:3], None) for one in found} == expected
    assert expected


@pytest.mark.parametrize("rule", ABOVE_THE_COMPOSER)
def test_rules_above_the_composer_are_broken_elsewhere(rule: str) -> None:
    tests = (FOLDER.parents[1] / ABOVE_THE_COMPOSER[rule]).read_text(encoding="utf-8")

    assert rule in tests


def test_every_folder_is_of_a_rule() -> None:
    assert {one.name for one in FOLDER.iterdir() if (one / "failing.yaml").exists()} == set(
        COMPOSED
    )


def test_the_slips_of_a_real_bulletin_are_found_at_their_lines() -> None:
    """Field notes 2b: six times “Read more”, a “here”, “Logo”, “the link below”, and more."""
    file = FOLDER / "slips-of-a-real-bulletin.yaml"
    text = file.read_text(encoding="utf-8")
    expected = [
        (rule, number)
        for number, line in enumerate(text.splitlines(), start=1)
        for rule in RULES
        if re.search(rf" #.*\b{rule}\b", line)
    ]

    findings = _composed(re.sub(r" # [a-z, -]+$", "", text, flags=re.MULTILINE), file).findings

    assert sorted({(one.rule, one.line) for one in findings}) == sorted(expected)
    assert len([one for one in findings if one.rule == "link-vague"]) == 7
    assert len([one for one in findings if one.rule == "doubled-word"]) == 2


def _expected(file: Path) -> Iterator[Found]:
    templates = file.with_suffix("")
    yield from _marks(file, "")
    for template in templates.rglob("*.j2"):
        yield from _marks(template, str(template.relative_to(templates)))


def _marks(file: Path, name: str) -> Iterator[Found]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        mark = _MARK.search(line)
        for case, language in _NAMED.findall(mark[2]) if mark else ():
            yield name, None if mark and mark[1] else number, case, language or None


def _found(rule: Rule, file: Path) -> set[Found]:
    edition = _composed(_MARK.sub("", file.read_text(encoding="utf-8")), file)
    return {
        (
            "" if finding.file == str(file) else finding.file or "",
            finding.line,
            _case(rule, finding),
            finding.language,
        )
        for finding in edition.findings
        if finding.rule == rule.name
    }


def _composed(text: str, file: Path) -> CompiledEdition:
    templates = [file.with_suffix("")] if file.with_suffix("").is_dir() else []
    content = read_edition(text.encode(), str(file), a_catalogue(*templates))
    return composed(content, _images(), catalogue=a_catalogue(*templates))


def _case(rule: Rule, finding: Finding) -> str:
    """Which of the rule's wordings the finding speaks in."""
    patterns = {case: _pattern(wording) for case, wording in rule.cases.items()}
    spoken = f"{finding.message} {finding.fix}"
    said = [case for case in patterns if re.fullmatch(patterns[case], spoken)]
    return max(said, key=lambda case: len(patterns[case]))


def _pattern(wording: Wording) -> str:
    return "".join(
        re.escape(words) + ("" if name is None else ".+")
        for words, name, _, _ in Formatter().parse(f"{wording.message} {wording.fix}")
    )


@cache
def _images() -> dict[str, bytes]:
    """The images that editions here may show, by name."""
    return {
        "quay.png": an_image(size=(1200, 600)),
        "pier.png": an_image(size=(1200, 500)),
        "open-day_flyer.png": an_image(size=(1200, 700)),
        "small.png": an_image(size=(120, 60)),
        "photo.webp": an_image("WEBP", size=(1200, 600)),
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "storm.png": _noise("PNG", (1152, 600)),
        "waves.gif": _noise("GIF", (576, 400), pictures=8),
        "moving.webp": _noise("WEBP", (1200, 60), pictures=2),
    }


def _noise(file_format: str, size: tuple[int, int], *, pictures: int = 1) -> bytes:
    """An image that nothing makes small; a moving one of so many pictures."""
    random = Random(1)
    frames = [
        Image.frombytes("RGB", size, random.randbytes(size[0] * size[1] * 3))
        for _ in range(pictures)
    ]
    out = BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if pictures > 1 else {}
    frames[0].save(out, file_format, **more)
    return out.getvalue()
