"""Notices composed: who asked and when, one thing to do, and no more than that."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter.composer.markup.inline import parse
from newsletter.composer.markup.lint import lint
from newsletter.composer.notices import NoticeTopic, NoticeWriter
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.notices import NoticeKind
from newsletter.resources import templates_folder
from tests.browser.sample_mails import brand_in
from tests.builders import a_brand
from tests.sample_notice_contents import (
    MEDIA_URL,
    OTHER,
    READER,
    TOKEN,
    a_content,
    a_writer,
    composed_notice,
)

LANGUAGES = ("en", "cy")
EVERY = pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind in NoticeKind for language in LANGUAGES]
)
WHEN = {"en": "26 November 2026 at 14:05", "cy": "26 Tachwedd 2026 am 14:05"}
UNTIL = {"en": "14:05 on 3 December 2026", "cy": "14:05 ar 3 Rhagfyr 2026"}
ONCE = {
    *(NoticeKind.CONFIRM, NoticeKind.REMINDER, NoticeKind.ADDRESS_FROM, NoticeKind.ADDRESS_TO),
    *(NoticeKind.MY_DATA, NoticeKind.ERASE),
}
WITHOUT_BUTTON = {NoticeKind.ADDRESS_CHANGED}


def page(html: str) -> etree._Element:
    return parse(html)


def words_of(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


@EVERY
def test_both_parts_say_to_whom_it_goes_and_when_it_was_asked_for(
    kind: NoticeKind, language: str
) -> None:
    """T14."""
    composed, _ = composed_notice(a_brand(), kind, language)

    for part in (words_of(page(composed.html).find("body")), " ".join(composed.text.split())):
        assert WHEN[language] in part
        assert READER in part
        assert (UNTIL[language] in part) == (kind in ONCE)


@EVERY
def test_there_is_one_heading_and_one_button_with_its_whole_address_below(
    kind: NoticeKind, language: str
) -> None:
    composed, _ = composed_notice(a_brand(), kind, language)
    content = a_content(kind, language)
    document = page(composed.html)

    assert len(document.xpath("//h1")) == 1
    buttons = document.xpath("//*[contains(@class, 'button')]//a")
    expected = [] if kind in WITHOUT_BUTTON else [content.action]
    assert [one.get("href") for one in buttons] == expected
    assert [one for one in document.xpath("//p//a/text()") if one == content.action] == expected
    lines = composed.text.splitlines()
    assert [line for line in lines if line and line == content.action] == expected


@EVERY
def test_it_says_in_which_language_it_is_at_every_child_of_the_body(
    kind: NoticeKind, language: str
) -> None:
    """H1, H3."""
    document = page(composed_notice(a_brand(), kind, language)[0].html)

    assert {one.get("lang") for one in (document, *document.find("body"))} == {language}
    assert {one.get("role") for one in document.iter("table")} == {"presentation"}


@EVERY
def test_nothing_but_the_brands_own_picture_and_our_own_pages_is_in_it(
    kind: NoticeKind, language: str
) -> None:
    """H14, T14."""
    composed, media = composed_notice(brand_in("civic"), kind, language)
    document = page(composed.html)

    assert {image.get("src") for image in document.iter("img")} == set(media)
    addresses = {link.get("href") for link in document.iter("a")}
    assert all(one.startswith("https://news.example.org/") for one in addresses)


@pytest.mark.parametrize("kind", NoticeKind)
def test_whose_address_a_stranger_may_have_typed_can_stop_further_requests(
    kind: NoticeKind,
) -> None:
    """T14."""
    composed, _ = composed_notice(a_brand(), kind)

    is_offered = kind in (NoticeKind.CONFIRM, NoticeKind.REMINDER, NoticeKind.ADDRESS_TO)
    for part in (composed.html, composed.text):
        assert (a_content(kind).block_address in part) == is_offered


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_welcome_says_how_to_leave_each_topic(language: str) -> None:
    composed, _ = composed_notice(a_brand(), NoticeKind.WELCOME, language)

    for topic in a_content(NoticeKind.WELCOME, language).topics:
        assert topic.unsubscribe in composed.html
        assert f"* {topic.name}\n" in composed.text
        assert f": {topic.name}\n  {topic.unsubscribe}\n" in composed.text


def test_a_change_of_address_names_the_other_one() -> None:
    for kind in (NoticeKind.ADDRESS_FROM, NoticeKind.ADDRESS_CHANGED):
        assert OTHER in composed_notice(a_brand(), kind)[0].text


def test_a_topic_that_has_no_name_in_the_language_is_said_to_be_in_another() -> None:
    """H10."""
    content = replace(
        a_content(NoticeKind.CONFIRM, "cy"), topics=(NoticeTopic("Press notices", "en"),)
    )

    composed, _ = a_writer(a_brand()).compose(content)

    (name,) = page(composed.html).xpath("//li/span")
    assert (name.text, name.get("lang"), name.get("dir")) == ("Press notices", "en", "ltr")


@pytest.mark.parametrize(("wanted", "spoken"), [("cy-GB", "cy-GB"), ("pl", "en")])
def test_a_language_without_words_of_its_own_is_not_claimed(wanted: str, spoken: str) -> None:
    composed, _ = composed_notice(a_brand(), NoticeKind.CONFIRM, wanted)

    assert composed.language == spoken
    assert page(composed.html).get("lang") == spoken


@pytest.mark.parametrize("design", ["civic", "journal", "panels"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_the_linter_finds_nothing(kind: NoticeKind, design: str) -> None:
    """H20."""
    markup = a_writer(brand_in(design)).markup(a_content(kind))

    assert lint(markup) == ()


@pytest.mark.parametrize("part", ["mjml", "txt"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_workspace_may_have_its_own_template(kind: NoticeKind, part: str, tmp_path: Path) -> None:
    own = tmp_path / f"transactional/{kind}/notice.{part}.j2"
    own.parent.mkdir(parents=True)
    shipped = fill_source(kind, part)
    own.write_text(shipped.replace('{{ words["', 'Ours. {{ words["', 1), encoding="utf-8")

    composed, _ = NoticeWriter(a_brand(), (tmp_path, templates_folder()), MEDIA_URL).compose(
        a_content(kind)
    )

    assert "Ours." in (composed.html if part == "mjml" else composed.text)


def fill_source(kind: NoticeKind, part: str) -> str:
    file = templates_folder() / f"transactional/{kind}/notice.{part}.j2"
    return file.read_text(encoding="utf-8")


def test_a_template_that_fails_is_named_with_its_line(tmp_path: Path) -> None:
    own = tmp_path / "transactional/confirm/notice.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("\n{{ nothing_of_that_name }}", encoding="utf-8")

    with pytest.raises(SurroundingsFailed, match=r"transactional/confirm/notice\.txt\.j2:2"):
        NoticeWriter(a_brand(), (tmp_path, templates_folder()), MEDIA_URL).compose(
            a_content(NoticeKind.CONFIRM)
        )


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60))
def test_whatever_a_topic_is_called_it_stays_words(name: str) -> None:
    """X3."""
    content = replace(a_content(NoticeKind.CONFIRM), topics=(NoticeTopic(f"A{name}Z", "en"),))

    composed, _ = a_writer(a_brand()).compose(content)

    (item,) = page(composed.html).iter("li")
    assert words_of(item) == " ".join(f"A{name}Z".split())
    assert {one.get("href") for one in page(composed.html).iter("a")} <= {
        content.action,
        content.block_address,
    }


def test_a_line_of_the_text_is_no_longer_than_72_columns_but_for_addresses() -> None:
    """H18."""
    for kind in NoticeKind:
        for line in composed_notice(a_brand(), kind)[0].text.splitlines():
            assert len(line) <= 72 or re.fullmatch(r" *https://\S+", line)
            assert TOKEN in line or "http" not in line
