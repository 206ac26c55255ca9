"""The forms in which an edition goes out: stacked, and with the sections of segments."""

from __future__ import annotations

import re
from dataclasses import replace

from newsletter.composer.markup.inline import parse
from newsletter.domain.compiled import CompiledEdition, Slot
from newsletter.domain.editions import Form, OnlyFor, Section
from tests.builders import a_letter, an_article, an_edition, composed, filled


def stacked(*sections: Section) -> CompiledEdition:
    content = an_edition(*sections, preheader={"en": "In short", "cy": "Yn gryno"})
    return composed(replace(content, form=Form.STACKED))


def for_segment(segment: str, heading: str) -> Section:
    return replace(
        an_article(heading={"en": heading, "cy": f"{heading} cy"}), only_for=OnlyFor(None, segment)
    )


def test_a_stacked_mail_holds_all_languages_and_nothing_else_is_made() -> None:
    edition = stacked()

    (mail,) = edition.languages.values()
    assert list(edition.languages) == ["mul"]
    assert mail.languages == ("en", "cy")
    assert filled(mail.subject) == "October news / Newyddion Hydref"


def test_each_part_of_a_stacked_mail_says_its_language() -> None:
    """H10, WCAG 3.1.2: by the nearest element that says one."""
    document = parse(filled(stacked().languages["mul"].html))

    spoken = {
        heading.text: heading.xpath("ancestor-or-self::*[@lang][1]/@lang")[0]
        for heading in document.iter("h2")
    }
    assert spoken == {"Welcome": "en", "Croeso": "cy"}
    (h1,) = document.iter("h1")
    assert [(span.get("lang"), span.text) for span in h1.iter("span")] == [
        ("en", "Monthly bulletin"),
        ("cy", "Bwletin misol"),
    ]


def test_each_footer_of_a_stacked_mail_leads_to_pages_in_its_language() -> None:
    html = stacked().languages["mul"].html

    left = [piece.language for piece in html if isinstance(piece, Slot) and "un" in piece.name]
    assert left == ["en", "cy"]


def test_a_stacked_mail_can_be_jumped_through_and_no_id_is_twice_in_it() -> None:
    """H9."""
    contents = Section("contents", {})
    document = parse(filled(stacked(a_letter(), contents, an_article()).languages["mul"].html))

    ids = [element.get("id") for element in document.iter() if element.get("id")]
    targets = [a.get("href")[1:] for a in document.iter("a") if a.get("href").startswith("#")]
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    assert targets[:2] == ["in-en", "in-cy"]


def test_the_text_of_a_stacked_mail_is_in_the_order_of_its_languages() -> None:
    text = filled(stacked().languages["mul"].text)

    order = [text.index(words) for words in ("== English ==", "Welcome", "== Cymraeg ==", "Croeso")]
    assert order == sorted(order)
    assert text.count("https://news.example.org/unsubscribe_") == 2


def test_a_stacked_edition_with_a_language_missing_is_not_made() -> None:
    edition = stacked(a_letter(body={"en": "Only English"}))

    assert edition.languages == {}
    assert "translation-missing" in {finding.rule for finding in edition.findings}


def test_what_everyone_gets_has_no_segments_section() -> None:
    edition = composed(an_edition(a_letter(), for_segment("powys", "For Powys")))

    assert "For Powys" not in filled(edition.languages["en"].html)
    assert "For Powys" not in filled(edition.languages["en"].text)


def test_every_combination_of_segments_is_a_variant_of_each_language() -> None:
    """Design 3: at most four segments, each language with all of their combinations."""
    sections = (
        a_letter(),
        for_segment("powys", "For Powys"),
        for_segment("anglers", "For anglers"),
    )
    edition = composed(an_edition(*sections))

    made = {(one.language, one.segments): filled(one.html) for one in edition.variants}
    both = ("anglers", "powys")
    assert list(made) == [
        (language, segments)
        for language in ("en", "cy")
        for segments in (("anglers",), ("powys",), both)
    ]
    assert "For Powys" not in made["en", ("anglers",)]
    assert re.search("For Powys.*For anglers", made["en", both], re.DOTALL)


def test_five_segments_are_too_many() -> None:
    sections = [for_segment(name, name) for name in ("a1", "a2", "a3", "a4", "a5")]

    edition = composed(an_edition(a_letter(), *sections))

    assert edition.variants == ()
    (finding,) = [one for one in edition.findings if one.rule == "too-many-segments"]
    assert "5 segments" in finding.message
    assert finding.level == "must"


def test_the_digest_covers_what_each_variant_says() -> None:
    first = composed(an_edition(a_letter(), for_segment("powys", "One")))
    second = composed(an_edition(a_letter(), for_segment("powys", "Two")))

    assert first.digest != second.digest
    assert first.digest == composed(an_edition(a_letter(), for_segment("powys", "One"))).digest


def test_the_links_and_sizes_of_a_mail_are_told() -> None:
    link = {"label": {"en": "See it", "cy": "Ei gweld"}, "url": "https://www.aber.example/see"}
    mail = composed(an_edition(a_letter(), an_article(link=link))).languages["en"]

    assert ("See it", "https://www.aber.example/see", 2) in [
        (one.label, one.address, one.section) for one in mail.links
    ]
    assert ("Unsubscribe from this list", "{unsubscribe}", None) in [
        (one.label, one.address, one.section) for one in mail.links
    ]
    assert mail.html_bytes > mail.text_bytes > 100
