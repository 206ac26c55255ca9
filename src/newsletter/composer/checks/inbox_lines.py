"""What the inbox shows of a mail: subject-length, preheader-length."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.composer.checks.texts import Text
from newsletter.composer.findings.findings import FindingList, Place

_LONGEST_SUBJECT = 70
_SHORTEST_PREHEADER = 40
_LONGEST_PREHEADER = 130


def check_inbox_lines(texts: Iterable[Text], language: str, findings: FindingList) -> None:
    """Look over subject and preheader, as somebody reads them of whom nothing is known."""
    lines = {text.place.field: text for text in texts if text.place.section is None}
    subject, preheader = lines.get("subject"), lines.get("preheader")
    if subject and len(subject.words) > _LONGEST_SUBJECT:
        count = len(subject.words)
        findings.add("subject-length", "long", subject.place, count=count, most=_LONGEST_SUBJECT)
    if preheader:
        _check_preheader(preheader, subject, findings)
    elif language not in findings.languages_with("translation-missing"):
        findings.add("preheader-length", "missing", Place(language, field="preheader"))


def _check_preheader(preheader: Text, subject: Text | None, findings: FindingList) -> None:
    rule, place, count = "preheader-length", preheader.place, len(preheader.words)
    if subject and subject.lowered == preheader.lowered:
        findings.add(rule, "same", place)
    elif count < _SHORTEST_PREHEADER:
        findings.add(rule, "short", place, count=count, least=_SHORTEST_PREHEADER)
    elif count > _LONGEST_PREHEADER:
        findings.add(rule, "long", place, count=count, most=_LONGEST_PREHEADER)
