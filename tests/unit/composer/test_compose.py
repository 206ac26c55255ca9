from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.markup.inline import parse
from newsletter.composer.words.merge_values import MARK
from newsletter.domain.brand import Logo
from newsletter.domain.compiled import Slot
from newsletter.domain.editions import EditionContent, OnlyFor, Section
from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.resources import templates_folder
from tests.builders import (
    a_brand,
    a_catalogue,
    a_letter,
    an_article,
    an_edition,
    an_image,
    composed,
    filled,
    slot_names,
)

SLOTS = ["view", "view_cy", "email", "why", "unsubscribe", "preferences"]

TEXT_PART = """\
Monthly bulletin
================

View this email in your browser: https://news.example.org/view
Cymraeg: https://news.example.org/view_cy

Welcome
-------

Thank you for reading.

Siân Puw
Leader

Our annual report
-----------------

[A bridge]

The report is out.

Read more: https://example.org/b

----------------------------------------
Aber Valley Council
Town Hall
1 Bridge Street
Aber

This email was sent to reader@example.org
Why did I get this? https://news.example.org/why
Unsubscribe from this list: https://news.example.org/unsubscribe
Update your preferences: https://news.example.org/preferences
"""

MEDIA = "https://news.example.org/media"


def html_of(content: EditionContent, language: str = "en", **values: str) -> str:
    return filled(composed(content).languages[language].html, **values)


def text_of(content: EditionContent, language: str = "en", **values: str) -> str:
    return filled(composed(content).languages[language].text, **values)


def an_article_with_everything() -> Section:
    return an_article(
        image={"src": "a.png", "alt": {"en": "A bridge", "cy": "Pont"}},
        link={"label": {"en": "Read more", "cy": "Darllen mwy"}, "url": "https://example.org/b"},
    )


def test_each_language_gets_its_own_words_and_ours() -> None:
    content = an_edition()

    english, welsh = html_of(content), html_of(content, "cy")

    assert "Thank you for reading." in english
    assert "Unsubscribe from this list" in english
    assert "Diolch am ddarllen." in welsh
    assert "Dad-danysgrifio o'r rhestr hon" in welsh
    assert "Thank you" not in welsh


def test_a_language_that_lacks_words_is_left_out_and_not_linked_to() -> None:
    content = an_edition(a_letter(body={"en": "Hello"}))

    edition = composed(content)

    assert list(edition.languages) == ["en"]
    assert "view_cy" not in slot_names(edition.languages["en"].html)


def test_a_section_for_one_language_is_in_that_language_only() -> None:
    only = Section("letter", {"heading": "Eisteddfod", "body": "Dewch."}, only_for=OnlyFor("cy"))
    content = an_edition(a_letter(), only)

    assert "Eisteddfod" in html_of(content, "cy")
    assert "Eisteddfod" not in html_of(content, "en")


def test_the_footer_and_the_top_have_a_slot_for_every_address() -> None:
    """H18: the text part has every address too."""
    language = composed(an_edition()).languages["en"]

    assert slot_names(language.html) == [*SLOTS, "view"]
    assert slot_names(language.text) == SLOTS


def test_other_languages_are_linked_to_by_their_own_names() -> None:
    html = html_of(an_edition(), view_cy="https://news.example.org/cy/view/t")

    assert re.search(
        r'<a class="quiet" href="https://news.example.org/cy/view/t" lang="cy" hreflang="cy"'
        r"[^>]*>Cymraeg</a>",
        html,
    )


def test_values_become_slots_in_subject_html_and_text() -> None:
    words = {"en": "Dear {name|friend}, {{ok}}", "cy": "Annwyl {name|gyfaill}"}
    language = composed(an_edition(a_letter(body=words), subject=words)).languages["en"]

    assert language.subject == ("Dear ", Slot("name", "friend"), ", {ok}")
    assert Slot("name", "friend") in language.html
    assert Slot("name", "friend") in language.text
    assert "Dear Siân, {ok}" in filled(language.text, name="Siân")


def test_a_value_may_stand_in_alt_label_heading_and_preheader() -> None:
    words = {"en": "For {name|you}", "cy": "I {name|chi}"}
    article = an_article(
        heading=words,
        image={"src": "a.png", "alt": words},
        link={"label": words, "url": "{preferences}"},
    )
    content = an_edition(article, preheader=words)

    language = composed(content, {"a.png": an_image()}).languages["cy"]

    assert slot_names(language.html).count("name") == 4
    assert slot_names(language.html).count("preferences") == 2


def test_a_phrase_in_another_language_says_so_in_heading_body_and_button() -> None:
    """H10: language of parts."""
    words = {"en": "The [Senedd]{lang=cy} today", "cy": "Y Senedd heddiw"}
    article = an_article(
        heading=words, body=words, link={"label": words, "url": "https://example.org"}
    )

    assert html_of(an_edition(article)).count('<span lang="cy">Senedd</span>') == 3


def test_the_masthead_is_the_brands_unless_the_edition_has_its_own() -> None:
    masthead = Section("masthead", {"title": {"en": "Winter special", "cy": "Rhifyn y gaeaf"}})

    assert re.search(r"<h1[^>]*>Monthly bulletin</h1>", html_of(an_edition()))
    own = html_of(an_edition(masthead, a_letter()))
    assert re.search(r"<h1[^>]*>Winter special</h1>", own)
    assert "Monthly bulletin" not in own


def test_the_document_is_whole() -> None:
    """H1, H2, H3, H4, H5, H6, M24: the finished mail, looked at as a screen reader would."""
    content = an_edition(
        an_article_with_everything(), preheader={"en": "A bridge opens", "cy": "Agor pont"}
    )
    html = filled(composed(content, {"a.png": an_image()}).languages["cy"].html)
    document = parse(html)

    assert html.startswith('<!DOCTYPE html><html lang="cy" dir="ltr"')
    assert document.findtext("head/title") == "Newyddion Hydref"
    blocks = document.find("body")
    assert [block.get("lang") for block in blocks] == ["cy", "cy"]
    assert "display:none" in blocks[0].get("style")
    assert blocks[0].text == "Agor pont"
    assert all(table.get("role") == "presentation" for table in document.iter("table"))
    assert all(image.get("alt") for image in document.iter("img"))
    assert len(document.findall(".//h1")) == 1


def test_narrow_screen_rules_survive_whole() -> None:
    """Composer notes 2: premailer's defaults kill them."""
    html = html_of(an_edition())

    assert html.count("@media only screen and (max-width:479px)") == 1
    assert ".button a { display:block !important; }" in html
    assert "data-premailer" not in html


def test_nothing_is_fetched_from_elsewhere() -> None:
    """H14: no third-party request; H16: images over https from the configured host."""
    logo = Logo({"": an_image()}, 190, {"en": "Council", "cy": "Cyngor"})
    content = an_edition(an_article_with_everything())

    edition = composed(content, {"a.png": an_image(size=(600, 300))}, brand=a_brand(logo=logo))

    html = filled(edition.languages["en"].html)
    loaded = re.findall(r"(?:src|background)=\"([^\"]+)\"|url\(([^)]+)\)|@import|<link", html)
    assert len(loaded) == 2
    assert all(source.startswith(f"{MEDIA}/") for source, _ in loaded)


def test_images_are_carried_once_each_under_their_names() -> None:
    content = an_edition(
        an_article(image={"src": "a.png", "decorative": True}),
        an_article(image={"src": "copy of a.png", "decorative": True}),
    )

    edition = composed(content, {"a.png": an_image(), "copy of a.png": an_image()})

    (image,) = edition.media
    assert filled(edition.languages["en"].html).count(f'src="{MEDIA}/{image.name}"') == 2


def test_alt_text_survives_mjml_as_it_was_written() -> None:
    """Composer notes 1, bug 7: quotes and combining letters break attributes."""
    alt = 'A "bridge" & \\ <w\u0302r\u00a0x>'
    article = an_article(image={"src": "a.png", "alt": {"en": alt, "cy": alt}})

    edition = composed(an_edition(article), {"a.png": an_image()})

    document = parse(filled(edition.languages["en"].html))
    assert document.find(".//img").get("alt") == alt


def test_outlook_conditions_survive() -> None:
    """H15: Outlook's own tables stay, and each that opens closes."""
    html = html_of(an_edition(a_letter(), an_article()))

    assert html.count("<!--[if") == html.count("<![endif]-->") > 5


def test_the_text_part_reads_well() -> None:
    """H18: marked headings, full addresses, no preheader, nothing wider than it must be."""
    content = an_edition(
        a_letter(signature={"name": "Siân Puw", "role": {"en": "Leader", "cy": "Arweinydd"}}),
        an_article_with_everything(),
        preheader={"en": "Not here", "cy": "Nid yma"},
    )
    edition = composed(content, {"a.png": an_image()})

    text = filled(edition.languages["en"].text, email="reader@example.org")

    assert text == TEXT_PART


def test_the_same_input_gives_the_same_bytes() -> None:
    content = an_edition(an_article_with_everything(), subject={"en": "{name|a}", "cy": "b"})

    assert composed(content, {"a.png": an_image()}) == composed(content, {"a.png": an_image()})


def test_a_seed_sized_edition_is_well_below_what_gmail_cuts() -> None:
    """H12: at most 102,400 bytes, a warning at 80,000; ours is 52 kB for 16 kB of words."""
    body = "\n\n".join(["It is said here in about as many words as it takes. " * 6] * 7)
    article = an_article(
        body={"en": body},
        image={"src": "a.png", "alt": {"en": "A bridge"}},
        link={"label": {"en": "Read more"}, "url": "https://example.org/b"},
    )
    content = an_edition(*[article] * 7, languages=("en",), subject={"en": "October"})

    html = filled(composed(content, {"a.png": an_image()}).languages["en"].html)

    assert len(html.encode()) < 54_000


def own_copy(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """A workspace's own version of a shipped template."""
    own = folder / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(change((templates_folder() / name).read_text(encoding="utf-8")), "utf-8")


def compose_with(folder: Path) -> None:
    composed(an_edition(), catalogue=a_catalogue(folder))


def test_a_workspaces_own_template_stands_in_for_ours_and_for_no_other(tmp_path: Path) -> None:
    own_copy(
        tmp_path,
        "sections/letter/section.mjml.j2",
        lambda source: (
            f"<mj-section><mj-column><mj-text>Our own</mj-text></mj-column></mj-section>\n{source}"
        ),
    )
    content = an_edition(a_letter(), an_article())

    theirs = composed(content, catalogue=a_catalogue(tmp_path)).languages["en"]

    ours = composed(content).languages["en"]
    assert filled(theirs.html).count("Our own") == 1
    assert filled(theirs.html).count("The report is out.") == 1
    assert theirs.text == ours.text
    assert theirs.subject == ours.subject


def test_a_language_that_the_brand_lacks_is_composed_with_the_brands_first() -> None:
    words = {"en": "Annual report", "de": "Jahresbericht"}
    logo = Logo({"": an_image()}, 190, {"en": "The council's arms"})
    brand = replace(
        a_brand(),
        name={"en": "Aber Valley Council"},
        title={"en": "Monthly bulletin", "de": ""},
        from_name={"en": "Aber Valley Council"},
        postal_address={"en": "Town Hall\nAber"},
        logo=logo,
    )
    lines = {language: f"{text}, und was sonst noch geschah" for language, text in words.items()}
    content = an_edition(
        a_letter(heading=words, body=words),
        languages=("de", "en"),
        subject=words,
        preheader=lines,
    )

    edition = composed(content, brand=brand)

    german = filled(edition.languages["de"].html)
    assert {finding.rule for finding in edition.findings} == {"brand-language"}
    assert re.search(r"<h1[^>]*>Monthly bulletin</h1>", german)
    assert 'alt="The council\'s arms"' in german
    assert "Town Hall" in german
    assert "Town Hall" in filled(edition.languages["de"].text)


def rules_broken(folder: Path) -> dict[str, str]:
    edition = composed(an_edition(), catalogue=a_catalogue(folder))
    return {
        finding.rule: finding.message for finding in edition.findings if finding.level == "must"
    }


def test_a_layout_without_an_unsubscribe_link_must_not_be_sent(tmp_path: Path) -> None:
    """The footer cannot be left out."""
    own_copy(
        tmp_path,
        "layout/footer.mjml.j2",
        lambda source: source.replace("{{ block.slots.unsubscribe }}", "https://www.aber.example"),
    )

    assert "unsubscribe-missing" in rules_broken(tmp_path)


def test_a_value_that_mjml_drops_is_a_finding_that_names_it(tmp_path: Path) -> None:
    own_copy(
        tmp_path,
        "layout/footer.mjml.j2",
        lambda source: source.replace("<mj-text ", '<mj-text data-x="{{ block.slots.why }}" ', 1),
    )

    assert "why" in rules_broken(tmp_path)["lost-in-compilation"]


def test_a_template_that_asks_for_an_unknown_field_is_named_with_its_line(tmp_path: Path) -> None:
    own_copy(tmp_path, "sections/letter/section.mjml.j2", lambda source: source + "{{ footer }}\n")

    with pytest.raises(SurroundingsFailed, match=r"sections/letter/section\.mjml\.j2:21: "):
        compose_with(tmp_path)


def test_a_section_of_no_known_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="section 2 is of the kind “anthem”"):
        composed(an_edition(a_letter(), Section("anthem", {})))


def test_a_logo_that_is_no_image_is_refused() -> None:
    with pytest.raises(BadInput, match="logo"):
        composed(an_edition(), brand=a_brand(logo=Logo({"": b"<svg/>"}, 100, {})))


_WORDS = st.text(min_size=1, max_size=30).filter(
    lambda words: words.isprintable() and words.strip()
)


@given(_WORDS, _WORDS)
def test_whatever_is_written_the_mail_is_whole_and_holds_no_mark(heading: str, body: str) -> None:
    """X3: an author's characters never become structure."""
    section = Section("letter", {"heading": heading, "body": body})
    content = an_edition(section, languages=("en",), subject={"en": heading})

    language = composed(content).languages["en"]

    html = filled(language.html)
    assert not MARK.search(html + filled(language.text))
    assert len(parse(html).findall(".//h2")) == 1
    assert slot_names(language.html).count("unsubscribe") >= 1


def test_a_calendar_entry_holds_fallbacks_since_all_readers_share_it() -> None:
    events = [{"title": "Tea with {name|friends}", "place": "{name|Quay}", "start": "2031-04-05"}]

    edition = composed(an_edition(Section("events", {"heading": "Come", "events": events})))

    entries = [one.content.decode() for one in edition.media if one.name.endswith(".ics")]
    assert entries
    for entry in entries:
        assert "SUMMARY:Tea with friends" in entry
        assert "LOCATION:Quay" in entry
        assert not MARK.search(entry)


def test_words_about_html_are_words() -> None:
    """X4, text-part."""
    edition = composed(an_edition(a_letter(heading="How to write <b>", body="Use <b> and &amp;.")))

    assert [one for one in edition.findings if one.rule == "text-part"] == []


def test_findings_about_links_say_merge_values_in_words() -> None:
    link = {"label": "Come, {name|friend}", "url": "#nowhere"}

    edition = composed(an_edition(a_letter(), an_article(link=link)))

    assert not any(MARK.search(one.message + one.fix) for one in edition.findings)
