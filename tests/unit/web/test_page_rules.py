"""What holds of every page, whichever it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import pytest
from lxml import etree

from newsletter.composer.brands.contrast import AA_TEXT, contrast_ratio
from newsletter.i18n import strings
from newsletter.web.stylesheet import stylesheet
from tests.every_page import PAGES
from tests.fakes import BULLETIN, CONSULTATIONS, EVENTS, UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import ADDRESSES, a_house, a_look, browsing, page

LARGEST_PAGE = 15 * 1024
LARGEST_STYLESHEET = 10 * 1024
_STYLESHEET = "//link[@rel='stylesheet']/@href"

EACH_PAGE = pytest.mark.parametrize(
    ("language", "name"), [(one, name) for one, found in PAGES.items() for name in found]
)


@EACH_PAGE
def test_a_page_says_its_language_its_title_and_one_heading(language: str, name: str) -> None:
    """H1, H2, H6."""
    document = page(PAGES[language][name])

    assert document.get("lang") == language
    assert document.get("dir") == "ltr"
    assert len(document.xpath("//h1")) == 1
    assert document.xpath("string(//title)").endswith(a_house().names[language])
    levels = [int(one.tag[1]) for one in document.xpath("//h1|//h2|//h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@EACH_PAGE
def test_a_page_links_to_its_twin(language: str, name: str) -> None:
    """Design 6: the same task in the other language, the link in that language."""
    other, own_name = {"en": ("cy", "Cymraeg"), "cy": ("en", "English")}[language]

    document = page(PAGES[language][name])

    (twin,) = document.xpath("//nav//a")
    (here,) = document.xpath("//nav//*[@aria-current]")

    assert here.get("lang") == language
    assert (twin.get("hreflang"), twin.get("lang"), twin.text) == (other, other, own_name)
    assert twin.get("href").startswith(f"/{other}/")


@EACH_PAGE
def test_a_twin_links_back(language: str, name: str) -> None:
    (href,) = page(PAGES[language][name]).xpath("//nav//a/@href")

    with browsing(FakeDesk()) as browser:
        twin = browser.get(href)

    (back,) = page(twin.text).xpath("//nav//a/@href")
    assert page(twin.text).get("lang") != language
    there = str(page(twin.text).get("lang"))
    assert _plain(back) == _plain(href).replace(f"/{there}/", f"/{language}/", 1)


@EACH_PAGE
def test_a_page_needs_no_script_no_picture_and_nobody_else(language: str, name: str) -> None:
    """T9: no request to anyone but us."""
    document = page(PAGES[language][name])

    assert document.xpath("//script|//img|//iframe|//style|//@style|//@onclick") == []
    named = document.xpath("//link[@rel='canonical' or @hreflang]")  # nothing is asked for there
    for link in named:
        link.drop_tree()
    assert all(one.startswith(("/", "#")) for one in document.xpath("//@href|//@src|//@action"))
    assert len(PAGES[language][name].encode()) <= LARGEST_PAGE


@EACH_PAGE
def test_every_control_has_words_and_every_id_is_unique(language: str, name: str) -> None:
    """H9; WCAG 1.3.1 and 4.1.2."""
    document = page(PAGES[language][name])

    controls = document.xpath("//input[not(@type='hidden')]")
    labels = [one.label if one.label is not None else one.getparent() for one in controls]
    assert all(one.tag == "label" and one.text_content().strip() for one in labels)
    assert all(one.text_content().strip() for one in document.xpath("//button|//a|//legend"))
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", list(PAGES["cy"]))
def test_no_english_is_on_a_welsh_page(name: str) -> None:
    """L9: but for the name of the language, which is marked as English (H10)."""
    document = page(PAGES["cy"][name])
    for english in document.xpath("//*[@lang='en']"):
        assert english.text_content() == "English"
        english.drop_tree()

    words = " ".join(document.text_content().split())

    assert [one for one in _phrases("en") if one in words] == []
    assert "Council" not in words
    assert not any(topic.names["en"] in words for topic in (BULLETIN, CONSULTATIONS, EVENTS))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
def test_every_answer_has_its_headers_and_no_cookie(method: str) -> None:
    """T6, T9, X16: errors included."""
    with browsing(FakeDesk()) as browser:
        answers = [browser.request(method, address) for address in ADDRESSES]

    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_a_page_with_a_token_is_kept_by_nobody() -> None:
    """T9."""
    with browsing(FakeDesk()) as browser:
        answers = [browser.get(one) for one in ADDRESSES if not one.startswith("/static/")]

    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}


def test_a_page_may_load_our_stylesheet_send_our_forms_and_nothing_more() -> None:
    """X16, T9."""
    with browsing(FakeDesk()) as browser:
        answer = browser.get(f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}")

    policy = answer.headers["Content-Security-Policy"]
    assert policy.split("; ") == [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]


def test_the_icon_is_the_brands_and_there_where_browsers_look_for_it() -> None:
    with browsing(FakeDesk()) as browser:
        (href,) = page(browser.get("/en/").text).xpath("//link[@rel='icon']/@href")
        named, unnamed = browser.get(href), browser.get("/favicon.ico")

    assert a_look().colours["band"] in named.text
    assert etree.fromstring(named.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert "immutable" in named.headers["Cache-Control"]
    assert unnamed.content == named.content
    assert unnamed.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" not in unnamed.headers["Cache-Control"]


def test_the_stylesheet_is_small_and_may_be_kept_since_its_address_changes() -> None:
    with browsing(FakeDesk()) as browser:
        (href,) = page(browser.get(f"/u/{UNSUBSCRIBE_TOKEN}").text).xpath(_STYLESHEET)
        answer = browser.get(href)
    other_look = a_look(colours={**a_look().colours, "band": "#000000"})
    with browsing(FakeDesk(), a_house(look=other_look)) as browser:
        (other,) = page(browser.get(f"/u/{UNSUBSCRIBE_TOKEN}").text).xpath(_STYLESHEET)

    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.content) <= LARGEST_STYLESHEET
    assert href != other


def test_every_variable_of_the_stylesheet_is_one_that_the_brand_gives() -> None:
    with browsing(FakeDesk()) as browser:
        css = browser.get("/static/site.css").text

    assert set(re.findall(r"var\(--([\w-]+)", css)) <= set(_variables(css.split("\n")[0]))


@pytest.mark.parametrize("scheme", [a_look().colours, a_look().dark], ids=["day", "night"])
def test_a_fault_is_marked_in_a_red_that_can_be_read(scheme: Mapping[str, str]) -> None:
    """H7: every other pair is checked where the brand is read."""
    css = stylesheet(a_look(colours=scheme, dark=scheme)).decode()

    fault = _colours(css.split("\n")[0])["fault"]

    assert contrast_ratio(fault, scheme["surface"]) >= AA_TEXT


def test_the_night_has_all_colours_of_the_day() -> None:
    day, night, _ = stylesheet(a_look()).decode().split("\n", 2)

    assert _colours(night).keys() == _colours(day).keys()


def test_a_language_without_our_words_says_ours_in_english_and_its_own_names() -> None:
    house = a_house(languages=("en", "pl"), names={"en": "Council", "pl": "Rada"}, titles={})

    with browsing(FakeDesk(), house) as browser:
        document = page(browser.get(f"/pl/unsubscribe/{UNSUBSCRIBE_TOKEN}").text)

    assert document.get("lang") == "en"
    assert document.xpath("//header//*[@lang='pl']/text()") == ["Polski", "Rada"]
    assert document.xpath("//footer//*[@lang='pl']/text()") == ["Rada"]


def test_whether_the_site_is_ready_is_said_to_machines() -> None:
    assert _health(FakeDesk()) == 200
    assert _health(FakeDesk(ready=False)) == 503


def _health(desk: FakeDesk) -> int:
    with browsing(desk) as browser:
        return browser.get("/healthz").status_code


def _variables(css: str) -> list[str]:
    return re.findall(r"--([\w-]+):", css)


def _colours(css: str) -> Mapping[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", css))


def _phrases(language: str) -> list[str]:
    """The catalogue's words between the placeholders, where there are enough to be language."""
    words = strings("pages", language)
    parts = [
        part.strip(" ,.?")
        for key in sorted(words.keys())
        for part in re.split(r"\{\w+\}", words[key])
    ]
    return [part for part in parts if len(part) > 3]


def _plain(address: str) -> str:
    """An address with its second word in place of a language's own one."""
    _, language, word, *rest = address.split("/")
    table = strings("addresses", language)
    plain = {table[key]: key for key in table.keys()}  # noqa: SIM118 - not a mapping
    return "/".join(["", language, plain.get(word.partition("?")[0], word), *rest])
