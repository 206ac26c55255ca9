"""What surrounds the author's words is in the language of the mail, too: brand-language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from newsletter.composer.findings.findings import FindingList, Place
from newsletter.domain.brand import Brand
from newsletter.i18n import languages as languages_of_the_program


def check_brand_languages(languages: Iterable[str], brand: Brand, findings: FindingList) -> None:
    """Note for each language of the edition what readers would see of brand and program in another.

    A brand's words fall back to another language, the program's own to English: unnoticed, they
    would be read out in the voice of the wrong one.
    """
    for language in languages:
        place = Place(language, field="languages")
        for table in _tables_without(language, brand):
            findings.add("brand-language", "brand", place, table=table)
        if language.partition("-")[0] not in languages_of_the_program():
            findings.add("brand-language", "program", place)


def _tables_without(language: str, brand: Brand) -> Iterator[str]:
    for table, words in _tables(brand).items():
        if any(words.values()) and not words.get(language):
            yield table


def _tables(brand: Brand) -> Mapping[str, Mapping[str, str]]:
    """The words of a brand that mails show, by their table in `brand.toml`.

    A title or alt text that only repeats the name is no table of its own.
    """
    own = {"title": brand.title, "logo.alt": brand.logo.alt if brand.logo else {}}
    return {
        "name": brand.name,
        **{table: words for table, words in own.items() if words != brand.name},
        "postal_address": brand.postal_address,
        "legal": brand.legal,
        "welcome": brand.welcome,
    }
