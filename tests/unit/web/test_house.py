"""What stands around every page, and the pages that are the house's own."""

from __future__ import annotations

import pytest

from newsletter.web.site_look import SiteLogo
from tests.fake_statements_desk import FakeStatements
from tests.fakes import UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import a_house, a_look, browsing, heading, page

UNSUBSCRIBE = f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}"
ENGLISH_LOGO = SiteLogo("e0.png", b"\x89PNG en", "image/png", 180, 48, "Aber Valley Council")
WELSH_LOGO = SiteLogo("c0.png", b"\x89PNG cy", "image/png", 190, 48, "Cyngor Cwm Aber")
WITH_LOGO = a_house(look=a_look(logos={"en": ENGLISH_LOGO, "cy": WELSH_LOGO}))


def test_the_logo_is_that_of_the_language_and_leads_home() -> None:
    """H5: linked, so that its words are the link's."""
    with browsing(FakeDesk(), WITH_LOGO) as browser:
        shown = page(browser.get(UNSUBSCRIBE.replace("/en/", "/cy/")).text)

    (image,) = shown.xpath("//img")
    assert dict(image.attrib) == {
        "src": "/static/c0.png",
        "width": "190",
        "height": "48",
        "alt": "Cyngor Cwm Aber",
    }
    assert image.getparent().get("href") == "/cy/"


def test_a_logo_may_be_kept_for_good_since_its_name_changes() -> None:
    with browsing(FakeDesk(), WITH_LOGO) as browser:
        answer = browser.get("/static/e0.png")

    assert answer.content == b"\x89PNG en"
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["none.png", "..%2Fsite.css", "site.css/"])
def test_a_file_that_the_pages_are_not_dressed_with_is_not_found(name: str) -> None:
    with browsing(FakeDesk(), WITH_LOGO) as browser:
        assert browser.get(f"/static/{name}").status_code == 404


def test_the_footer_has_the_ways_on_and_who_speaks_in_the_pages_language() -> None:
    """L3."""
    house = a_house(welcomes={"cy": "Croesawn lythyrau yn Gymraeg."})

    with browsing(FakeDesk(), house) as browser:
        shown = page(browser.get(UNSUBSCRIBE.replace("/en/", "/cy/")).text)

    (footer,) = shown.xpath("//footer")
    assert footer.xpath(".//a/@href") == [
        "/cy/tanysgrifio",
        "/cy/archif",
        "/cy/fy-nolen",
        "/cy/preifatrwydd",
        "/cy/hygyrchedd",
    ]
    words = footer.text_content()
    assert "Cyngor Cwm Aber, Lôn y Felin, Aber" in words
    assert "Croesawn lythyrau yn Gymraeg." in words


def test_every_way_on_leads_to_a_page() -> None:
    with browsing(FakeDesk()) as browser:
        for language in ("en", "cy"):
            ways = page(browser.get(f"/{language}/").text).xpath("//main//a/@href")

            assert len(ways) == 5
            assert {browser.get(way).status_code for way in ways} == {200}


def test_the_door_speaks_every_language_and_leads_into_each() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get("/").text)

    assert shown.xpath("//main/div/@lang") == ["en", "cy"]
    assert shown.xpath("//nav//a/@href") == ["/en/", "/cy/"]


@pytest.mark.parametrize("path", ["/en", "/en/"])
def test_the_home_is_found_with_a_slash_and_without(path: str) -> None:
    with browsing(FakeDesk()) as browser:
        answer = browser.get(path)

    assert answer.status_code == 200
    assert heading(answer.text) == "Our newsletters"


def test_a_house_of_one_language_has_none_to_choose_from() -> None:
    with browsing(FakeDesk(), a_house(languages=("en",))) as browser:
        assert page(browser.get("/en/").text).xpath("//nav") == []


def test_a_statement_is_shown_as_the_desk_has_it() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get("/cy/preifatrwydd").text)

    assert shown.xpath("//main/h1/text()") == ["Preifatrwydd"]
    assert shown.xpath("//main/h2/text()") == ["Pwy"]
    assert shown.xpath("//main//mark/text()") == ["[enw]"]


def test_a_statement_in_another_language_is_marked_as_such_and_says_so() -> None:
    """WCAG 3.1.2."""
    desk = FakeDesk(statements=FakeStatements({"cy": "<h2>Pwy</h2>"}))

    with browsing(desk) as browser:
        shown = page(browser.get("/en/accessibility").text)

    (part,) = shown.xpath("//main/div")
    assert (part.get("lang"), part.get("dir")) == ("cy", "ltr")
    assert "only in another language so far: Cymraeg." in shown.xpath("//main")[0].text_content()
