"""What the sheet says is said in one language throughout."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from newsletter.app.edition_sheet.sheet_words import SheetWords
from newsletter.composer.findings.rules import RULES
from newsletter.domain.deliveries import DeliveryState, SkipReason
from newsletter.domain.editions import EditionState, Form, HeldReason
from newsletter.domain.findings import Level
from newsletter.i18n import strings

ZONE = "Europe/London"


@pytest.fixture
def welsh() -> SheetWords:
    return SheetWords("cy", ZONE)


def test_every_state_level_form_and_reason_has_words(welsh: SheetWords) -> None:
    kinds = {"state": EditionState, "held": HeldReason, "level": Level, "form": Form}

    said = [welsh.one_of(kind, one) for kind, values in kinds.items() for one in values]
    said += [welsh.delivery(one) for one in DeliveryState]
    said += [welsh.skip(one) for one in SkipReason]

    assert all(said)


def test_every_rule_of_the_checks_is_said_in_a_line(welsh: SheetWords) -> None:
    assert all(welsh.rule(name) for name in RULES)
    assert strings("rules", "en").keys() == set(RULES)


def test_times_are_those_of_the_site_or_of_the_zone_that_is_named(welsh: SheetWords) -> None:
    instant = datetime(2026, 7, 3, 8, tzinfo=UTC)

    assert welsh.moment(instant) == "3 Gorffennaf 2026, 09:00 (Europe/London)"
    assert welsh.moment(instant, "Asia/Tokyo") == "3 Gorffennaf 2026, 17:00 (Asia/Tokyo)"


def test_languages_are_named_in_the_language_of_the_sheet(welsh: SheetWords) -> None:
    assert welsh.languages(["en", "cy"]) == "Saesneg, Cymraeg"


def test_a_name_comes_with_its_language(welsh: SheetWords) -> None:
    assert welsh.named({"en": "News", "cy": "Newyddion"}, "news") == ("Newyddion", "cy")
    assert welsh.named({"en": "News"}, "news") == ("News", "en")
    assert welsh.named({}, "news") == ("news", "")


def test_who_is_left_out_is_said_without_a_reason_when_none_is_named(welsh: SheetWords) -> None:
    assert welsh.delivery(DeliveryState.SKIPPED) == "nis anfonwyd"


def test_words_around_html_are_escaped_and_the_html_is_not(welsh: SheetWords) -> None:
    said = welsh.say_in_html("approved", name=Markup("<b>Elin</b>"))

    assert said == "Cymeradwywyd gan <b>Elin</b>"


def test_a_language_that_we_have_no_words_in_gets_english() -> None:
    french = SheetWords("fr", ZONE)

    assert (french.language, french.say("links")) == ("en", "Links")
