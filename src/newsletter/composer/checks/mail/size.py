"""Whether Gmail shows a mail whole: html-size."""

from __future__ import annotations

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.findings.findings import FindingList, Place

_MOST = 102_400
_NEAR = 90_000


def check_size(mail: ExaminedMail, findings: FindingList) -> None:
    """Look at the size of the HTML where a reader's values are longest."""
    if mail.heaviest > _NEAR:
        case = "over" if mail.heaviest > _MOST else "near"
        place = Place(mail.language)
        findings.add("html-size", case, place, size=mail.heaviest, most=_MOST)
