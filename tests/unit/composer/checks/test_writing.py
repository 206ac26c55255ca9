"""What the checks of the author's words find, and what they let pass; fixtures show the rest."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.findings.rules import RULES
from tests.writings import a_writing, address, found_in, line, rich, rules_broken_by

LANGUAGES = ("en", "cy", "pl")


def test_what_nothing_is_wrong_with_is_left_alone() -> None:
    assert rules_broken_by(line("Welcome"), rich("The quay is open again.")) == []


@pytest.mark.parametrize(
    "words",
    [
        "Dear {name|friend}, all is well.",
        "A quotation: “[The] harbour [is] ours”, he said.",
        "The harbour in figures: 1,284 boats, 2025–26, £182,000, 43%.",
        "As well as that, that being so, we had had enough.",
        "It was a very, very long way from Walla Walla.",
        "The APCC, HMICFRS and HMPPS wrote to the PCC.",
        "On 20 September 2023 we published our plan; it closed a gap.",
        "Prices, e.g. for the A-road, rose; see page a of the plan.",
        "I may close on Sunday. 3 May 2020 was a fine day.",
        "In chapter XXX we come to the end.",
        "The link between river and sea is below the town.",
        "Write to tomos@harbour.example.org, or to node.js users.",
    ],
)
def test_sound_english_is_let_pass(words: str) -> None:
    assert rules_broken_by(rich(words)) == []


@pytest.mark.parametrize(
    "words",
    [
        "Annwyl {name|gyfaill}, mae popeth yn iawn.",
        "Rhowch eich barn i ni yma, ar lan yr afon.",
        "Roedd yn daith bell bell, a'r môr yn oer iawn iawn.",
        "Y dyddiad cau oedd 3 Mai 2020, a chafwyd 40 o atebion.",
        "Mae'r penderfyniad i'w gadarnhau ym mis Mai.",
        "Gwelwch y bennod isod am hanes y ddolen rhwng y ddau le.",
        "Mae'r Gorffennol yn well na'r presennol, meddai rhai.",
    ],
)
def test_sound_welsh_is_let_pass(words: str) -> None:
    assert rules_broken_by(rich(words), language="cy") == []


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Dear *|FNAME|*, welcome.", "placeholder"),
        ("Dear <<First Name>>, welcome.", "placeholder"),
        ("Dear %%first_name%%, welcome.", "placeholder"),
        ("Dear [name], welcome.", "placeholder"),
        ("The venue is [insert address].", "placeholder"),
        ("The venue is TBC.", "placeholder"),
        ("Ring 01970 xxxxxx for more.", "placeholder"),
        ("It came with with the tide.", "doubled-word"),
        ("It came with the the, of course.", "doubled-word"),
        ("We celebrated e a great year.", "doubled-word"),
        ("Register by 3 September to come.", "date-past"),
        ("The consultation closes on Friday, 25th September 2026.", "date-past"),
        ("PLEASE READ THIS NOW, said the sign.", "all-caps"),
        ("You will find the report by clicking on the link below.", "link-below"),
        ("See https://harbour.example.org/plan for more.", "link-bare"),
    ],
)
def test_slips_are_found(words: str, rule: str) -> None:
    assert rules_broken_by(rich(words)) == [rule]


def test_typographic_apostrophes_hide_nothing() -> None:
    broken = rules_broken_by(
        rich("Mae’r cei ar agor, ac mae’r mae’r goleudy hefyd."), language="cy"
    )

    assert broken == ["doubled-word"]


def test_a_fallback_is_read_as_the_word_that_it_is() -> None:
    (finding,) = found_in(a_writing(rich("Dear {name|friend} friend, welcome.")))

    assert (finding.rule, finding.message) == ("doubled-word", "“friend friend” says a word twice.")


def test_words_of_a_language_unknown_to_us_are_not_judged_by_english() -> None:
    words = "Nous nous sommes vus ici, en en parlant, avant le 3 mai 2020."

    assert rules_broken_by(rich(words), line("here", "link.label"), language="fr") == []


def test_a_list_inside_one_line_is_a_name_and_no_list() -> None:
    assert rules_broken_by(line("• Harbour •")) == []


def test_an_event_is_over_when_its_last_day_is() -> None:
    fair = [rich("The fair is on.")]

    early = a_writing(*fair, rich("Register by 3 October to take part."), today=date(2026, 10, 3))
    late = a_writing(*fair, rich("Register by 3 October to take part."), today=date(2026, 10, 4))

    assert [finding.rule for finding in found_in(early)] == []
    assert [finding.rule for finding in found_in(late)] == ["date-past"]


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://harbour.example.org/", "link-http"),
        ("https://EXAMPLE.com", "link-example"),
        ("https://a.example.net/x", "link-example"),
        ("https://user@localhost:80/x", "link-internal"),
        ("https://127.0.0.1/x", "link-internal"),
        ("https://[::1]/x", "link-internal"),
        ("https://10.1.2.3/x", "link-internal"),
        ("https://files.corp/x", "link-internal"),
        ("http://intranet/x", "link-internal"),
        ("https://www.bit.ly/x", "link-shortener"),
        ("mailto:a@b.example?cc=c@d.example", "link-mailto"),
        ("mailto:a@b.example?subject=x%0aBcc:c@d.example", "link-mailto"),
        ("https://harbour.example.org/report.cy", "link-language"),
        ("https://harbour.example.org/report?lang=cy", "link-language"),
        ("https://llyw.cymru/adroddiad", "link-language"),
    ],
)
def test_addresses_that_lead_astray_are_found(url: str, rule: str) -> None:
    assert rules_broken_by(address(url)) == [rule]


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example.org/x",
        "https://www.afonyddeurwen.example/en/cy",
        "https://8.8.8.8/",
        "https://[broken",
        "https://harbour.example.org/subjects/history/cy/x",
        "mailto:a@b.example?subject=Hello&body=Dear%20all,%0D%0A",
        "tel:+441970555010",
    ],
)
def test_sound_addresses_are_let_pass(url: str) -> None:
    assert rules_broken_by(address(url)) == []


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_no_text_breaks_the_checks(words: str, language: str) -> None:
    broken = rules_broken_by(
        line(words), rich(words), address(words), line(words, "link.label"), language=language
    )

    assert RULES.keys() >= set(broken)


def test_an_address_is_read_whole_whatever_the_labels_of_links_are() -> None:
    words = "See https://boxes.harbour.test/x and [x](https://boxes.harbour.test/p)."

    (finding,) = found_in(a_writing(rich(words)))

    assert finding.rule == "link-bare"
    assert "“https://boxes.harbour.test/x”" in finding.message


def test_an_address_that_is_the_label_of_a_link_is_told_once() -> None:
    words = "See [https://boxes.harbour.test/x](https://boxes.harbour.test/x)."

    assert rules_broken_by(rich(words)) == ["link-bare"]
