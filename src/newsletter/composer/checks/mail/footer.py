"""What every mail must show in both of its parts: unsubscribe-missing, postal-address-missing,
footer-incomplete."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import words_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.shown_texts import Appearance
from newsletter.domain.compiled import ADDRESS_SLOTS, Slot

_LEAVING = "unsubscribe"


def check_footer(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Look for the links and lines of the footer, where they can be seen."""
    shown = {
        "html": frozenset(_seen_slots(mail, appearance)),
        "text": frozenset(mail.marks.slots_in(mail.text)),
    }
    place = Place(mail.language)
    for case, slots in shown.items():
        if not slots >= _ways_out(mail):
            findings.add("unsubscribe-missing", case, place)
        names = {slot.name for slot in slots} | {_LEAVING}
        for name in (*ADDRESS_SLOTS, "email"):
            if name not in names:
                findings.add("footer-incomplete", case, place, name=name)
    _check_address(mail, appearance, findings)


def _check_address(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    place = Place(mail.language)
    if not mail.postal_address:
        findings.add("postal-address-missing", "brand", place)
    for case, words in (("html", _all_words(appearance)), ("text", mail.text)):
        for line in mail.postal_address:
            # What is one line there may be wrapped or spaced out here.
            if line not in words and " ".join(line.split()) not in " ".join(words.split()):
                findings.add("postal-address-missing", case, place, line=line)


def _ways_out(mail: ExaminedMail) -> frozenset[Slot]:
    """The addresses for leaving, of a page in each of the mail's languages."""
    pages = mail.languages if len(mail.languages) > 1 else ("",)
    return frozenset(Slot(_LEAVING, language=page) for page in pages)


def _seen_slots(mail: ExaminedMail, appearance: Appearance) -> Iterator[Slot]:
    """The slots in what is read, and in the addresses of links that have words and are not hidden.

    An image can be kept from being shown, so it is no way out.
    """
    yield from mail.marks.slots_in(_all_words(appearance))
    for link in mail.document.iter("a"):
        look = appearance.looks.get(link)
        if look is not None and not look.is_hidden and words_of(link):
            yield from mail.marks.slots_in(link.get("href", ""))


def _all_words(appearance: Appearance) -> str:
    return " ".join(text.words for text in appearance.texts)
