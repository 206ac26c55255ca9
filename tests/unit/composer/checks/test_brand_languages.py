"""What is found of a brand, and of the program, that lacks a language of the edition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.composer.checks.brand_languages import check_brand_languages
from newsletter.composer.findings.findings import FindingList
from newsletter.domain.brand import Brand, Logo
from newsletter.domain.findings import Finding, Level
from tests.builders import a_brand_with_everything, an_article, an_edition, composed

BRAND = a_brand_with_everything()


def found(brand: Brand, *languages: str) -> tuple[Finding, ...]:
    findings = FindingList(an_edition())
    check_brand_languages(languages, brand, findings)
    return findings.all()


def test_a_brand_in_all_languages_of_the_edition_has_no_finding() -> None:
    assert found(BRAND, "en", "cy") == ()


@pytest.mark.parametrize("table", ["title", "postal_address", "legal", "welcome"])
def test_a_table_without_a_language_is_named_with_what_to_write(table: str) -> None:
    brand = replace(BRAND, **{table: {"en": "Words"}})  # type: ignore[arg-type]  # any table

    (finding,) = found(brand, "en", "cy")

    assert (finding.rule, finding.level, finding.language) == ("brand-language", Level.MUST, "cy")
    assert finding.fix == f'Write `cy = "…"` under [{table}] in brand.toml.'


def test_the_alt_text_of_the_logo_is_a_table_of_its_own() -> None:
    brand = replace(BRAND, logo=Logo({"": b""}, 200, {"en": "A ship"}))

    (finding,) = found(brand, "cy")

    assert "[logo.alt]" in finding.fix


def test_a_title_and_an_alt_text_that_repeat_the_name_are_found_with_it() -> None:
    name = {"en": "Harbour"}
    brand = replace(BRAND, name=name, title=name, logo=Logo({"": b""}, 200, name))

    (finding,) = found(brand, "cy")

    assert "[name]" in finding.fix


def test_a_table_that_the_brand_does_not_have_is_not_asked_for() -> None:
    assert found(replace(BRAND, legal={}, welcome={}), "cy") == ()


def test_a_language_that_the_program_does_not_speak_is_found() -> None:
    name = {"de": "Rat"}
    brand = replace(BRAND, name=name, title=name, postal_address=name, legal={}, welcome={})

    (finding,) = found(brand, "de")

    assert (finding.level, finding.language) == (Level.SHOULD, "de")
    assert "no German words" in finding.message


def test_a_variety_of_a_language_is_served_by_the_programs_words_for_it() -> None:
    brand = replace(BRAND, name={"en-GB": "A"}, title={"en-GB": "A"}, legal={}, welcome={})

    messages = [finding.message for finding in found(brand, "en-GB")]

    assert not [message for message in messages if "program" in message]


def test_the_mail_in_a_language_that_the_brand_lacks_is_written_all_the_same() -> None:
    edition = composed(an_edition(an_article()), brand=replace(BRAND, legal={"en": "A charity"}))

    assert "brand-language" in {finding.rule for finding in edition.findings}
    assert set(edition.languages) == {"en", "cy"}
