"""Numbers that belong to one person: personal-data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newsletter.composer.checks.texts import Text
from newsletter.composer.findings.findings import FindingList

# HMRC's National Insurance Manual, NIM39110: letters that are not given, prefixes that are not.
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r" ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"
)
_NHS = re.compile(r"(?<!\d)\d{3}[ -]\d{3}[ -]\d{4}(?!\d)")
_SORT_CODE = re.compile(r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])")
_ACCOUNT = re.compile(r"(?<!\d)\d{8}(?!\d)")
_SIX_DIGITS = re.compile(r"[0-9][0-9][ -]?[0-9][0-9][ -]?[0-9][0-9]")
"""What all of them have somewhere, and few texts."""


def check_personal_data(texts: Iterable[Text], findings: FindingList) -> None:
    """Note what looks like a number of the state's or a bank's for one person."""
    for text in texts:
        if _SIX_DIGITS.search(text.words):
            for case, written in _numbers(text.words):
                findings.add("personal-data", case, text.place, written=written)


def _numbers(words: str) -> Iterator[tuple[str, str]]:
    for found in _NATIONAL_INSURANCE.finditer(words):
        yield "national-insurance", found[0]
    for found in _NHS.finditer(words):
        if is_nhs_number(found[0]):
            yield "nhs", found[0]
    code = _SORT_CODE.search(words)
    if code and _ACCOUNT.search(words):
        yield "bank-account", code[0]


def is_nhs_number(written: str) -> bool:
    """Whether the last of ten digits is the check digit of the others (NHS Data Dictionary)."""
    digits = [int(one) for one in written if one.isdigit()]
    weighted = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return len(digits) == 10 and (11 - weighted % 11) % 11 == digits[9]
