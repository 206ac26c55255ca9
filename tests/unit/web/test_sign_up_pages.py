"""Signing up and asking for one's link, as the pages have it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from newsletter.domain.admission import Admission, Verdict
from newsletter.domain.errors import DatabaseBusy
from newsletter.domain.people import Topic
from newsletter.web.site import create_site
from tests.fake_sign_up_desk import BULLETIN, FakeSigningUp
from tests.fakes import FakeDesk
from tests.public_pages import a_house, browsing, buttons, heading, page

ADDRESS = "sian@example.org"
SIGN_UP = "/en/subscribe"
MY_LINK = "/en/my-link"
FILLED = {"address": ADDRESS, "topic": ["events"], "language": "cy", "nonce": "theirs"}
BOTH_FORMS = pytest.mark.parametrize("form", [SIGN_UP, MY_LINK])


def _desk(**changes: object) -> FakeDesk:
    return FakeDesk(signing_up=FakeSigningUp(**changes))  # type: ignore[arg-type]  # right by name


def _checked(text: str, field: str) -> list[str]:
    return [str(one) for one in page(text).xpath(f"//input[@name='{field}'][@checked]/@value")]


def _value(text: str, field: str) -> str:
    return str(page(text).xpath(f"string(//input[@name='{field}']/@value)"))


def _words(text: str, path: str) -> list[str]:
    return [str(one.text_content()).strip() for one in page(text).xpath(path)]


def test_the_form_offers_public_topics_and_languages_and_ticks_no_topic_by_itself() -> None:
    with browsing(_desk()) as browser:
        answer = browser.get("/cy/subscribe")

    assert answer.status_code == 200
    assert _words(answer.text, "//label[input/@name='topic']") == ["Bwletin misol", "Digwyddiadau"]
    assert _checked(answer.text, "topic") == []
    assert _words(answer.text, "//label[input/@name='language']") == ["English", "Cymraeg"]
    assert _checked(answer.text, "language") == ["cy"]
    assert buttons(answer.text) == ["Tanysgrifio"]


def test_the_field_says_what_it_is_for_to_browsers_and_to_those_who_listen() -> None:
    with browsing(_desk()) as browser:
        shown = page(browser.get(SIGN_UP).text)

    (field,) = shown.xpath("//input[@name='address']")
    (hint,) = shown.xpath(f"//*[@id='{field.get('aria-describedby')}']")
    assert (field.get("type"), field.get("autocomplete"), field.get("inputmode")) == ("email",) * 3
    assert shown.xpath(f"//label[@for='{field.get('id')}']/text()") == ["Email address"]
    assert "name@example.org" in hint.text_content()


def test_a_link_to_the_form_may_choose_topics_of_those_that_are_there() -> None:
    with browsing(_desk()) as browser:
        answer = browser.get(SIGN_UP, params={"topic": ["events", "staff-only", "<b>"]})

    assert _checked(answer.text, "topic") == ["events"]
    (twin,) = page(answer.text).xpath("//nav//a/@href")
    assert twin == "/cy/tanysgrifio?topic=events"


def test_where_there_is_one_topic_it_is_named_and_nothing_is_to_be_chosen() -> None:
    desk = _desk(public_topics=[BULLETIN])

    with browsing(desk) as browser:
        shown = browser.get(SIGN_UP).text
        browser.post(SIGN_UP, data={"address": ADDRESS})

    assert heading(shown) == "Sign up for Monthly bulletin"
    assert page(shown).xpath("//input[@name='topic']") == []
    assert desk.signing_up.asked[0].topics == ["monthly-bulletin"]
    assert "may send you Monthly bulletin by email" in desk.signing_up.asked[0].consent


def test_where_there_is_no_topic_the_page_says_so() -> None:
    desk = _desk(public_topics=[])

    with browsing(desk) as browser:
        shown, sent = browser.get(SIGN_UP), browser.post(SIGN_UP, data=FILLED)

    assert buttons(shown.text) == buttons(sent.text) == []
    assert "no newsletters to sign up for" in sent.text
    assert desk.signing_up.asked == []


def test_a_site_of_one_language_asks_for_none() -> None:
    desk = _desk()

    with browsing(desk, a_house(languages=("en",))) as browser:
        shown = browser.get(SIGN_UP).text
        browser.post(SIGN_UP, data=FILLED)

    assert page(shown).xpath("//input[@name='language']") == []
    assert desk.signing_up.asked[0].language == "en"


def test_what_was_filled_in_reaches_the_desk_with_the_words_that_stood_there() -> None:
    """L1."""
    desk = _desk()

    with browsing(desk) as browser:
        shown = page(browser.get(SIGN_UP).text)
        answer = browser.post(SIGN_UP, data=FILLED)

    (asked,) = desk.signing_up.asked
    (sent,) = desk.signing_up.sent
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/subscribe/check-email")
    assert (asked.address, asked.topics, asked.language) == (ADDRESS, ["events"], "cy")
    assert asked.page_language == "en"
    assert asked.consent in [one.text for one in shown.xpath("//form/p")]
    assert "Aber Valley Council may send you" in asked.consent
    assert (sent.nonce, sent.is_trapped) == ("theirs", False)


def test_where_it_came_from_is_what_our_own_web_server_says() -> None:
    """X16."""
    desk = _desk()
    app = create_site(desk.desks, a_house(trusted_proxies=("127.0.0.1",)))
    forwarded = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}

    for peer in ("127.0.0.1", "192.0.2.1"):
        with TestClient(app, "https://news.example.org", client=(peer, 4711)) as browser:
            browser.post(SIGN_UP, data=FILLED, headers=forwarded, follow_redirects=False)

    assert [sent.ip for sent in desk.signing_up.sent] == ["203.0.113.9", "192.0.2.1"]


@BOTH_FORMS
def test_the_page_that_follows_is_the_same_for_everybody(form: str) -> None:
    """T13: there is nothing in its address, and it asks nobody."""
    with browsing(_desk(failure=DatabaseBusy("busy"))) as browser:
        pages = {browser.get(f"{form}/check-email?address={number}").text for number in range(3)}

    assert len(pages) == 1
    assert heading(pages.pop()) == "Check your email"


@pytest.mark.parametrize("verdict", [Verdict.TAKEN, Verdict.IGNORED])
@BOTH_FORMS
def test_what_is_ignored_is_answered_as_if_it_was_taken(form: str, verdict: Verdict) -> None:
    with browsing(_desk(admission=Admission(verdict))) as browser:
        answer = browser.post(form, data=FILLED)

    assert (answer.status_code, answer.text) == (303, "")
    assert answer.headers["location"] == f"{form}/check-email"
    assert "set-cookie" not in answer.headers


@BOTH_FORMS
def test_who_cannot_be_told_from_a_program_is_asked_to_press_the_button_once_more(
    form: str,
) -> None:
    with browsing(_desk(admission=Admission(Verdict.AGAIN))) as browser:
        answer = browser.post(form, data={**FILLED, "nonce": ""})

    assert answer.status_code == 200
    assert "press the button once more" in _words(answer.text, "//*[@role='status']")[0]
    assert _value(answer.text, "address") == ADDRESS
    assert _value(answer.text, "nonce") == "a-new-nonce"
    assert _checked(answer.text, "language") == (["cy"] if form == SIGN_UP else [])


@BOTH_FORMS
def test_when_there_were_too_many_the_page_says_when_to_come_back(form: str) -> None:
    with browsing(_desk(admission=Admission(Verdict.CROWDED, 179.2))) as browser:
        answer = browser.post(form, data=FILLED)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "180"
    assert ADDRESS not in answer.text


@BOTH_FORMS
def test_while_the_database_takes_nothing_the_form_comes_back_as_it_was_filled_in(
    form: str,
) -> None:
    with browsing(_desk(admission=Admission(Verdict.BUSY))) as browser:
        answer = browser.post(form, data=FILLED)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "wait a minute" in _words(answer.text, "//*[@role='status']")[0]
    assert _value(answer.text, "address") == ADDRESS
    assert _value(answer.text, "nonce") == FILLED["nonce"]


@BOTH_FORMS
def test_the_trap_is_out_of_sight_and_of_reach_and_whoever_falls_into_it_is_told_apart(
    form: str,
) -> None:
    desk = _desk()

    with browsing(desk) as browser:
        shown = page(browser.get(form).text)
        browser.post(form, data={**FILLED, "website": "https://example.com"})

    (trap,) = shown.xpath("//*[@class='elsewhere'][@aria-hidden='true']/input")
    assert (trap.get("name"), trap.get("tabindex"), trap.get("autocomplete")) == (
        "website",
        "-1",
        "off",
    )
    assert [sent.is_trapped for sent in desk.signing_up.sent] == [True]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter your email address"),
        ("   ", "Enter your email address"),
        ("sian", "Enter an email address in the right format, like name@example.org"),
        ("sian@example.org\r\nBcc: everybody@example.org", "Enter an email address in the"),
        ("Siân <sian@example.org>", "Enter an email address in the right format"),
        ("sian@example.org, mair@example.org", "Enter an email address in the right format"),
        ("sian@nowhere.invalid", "Enter an email address in the right format"),
    ],
)
@BOTH_FORMS
def test_what_is_no_address_is_said_at_the_top_and_at_the_field(
    form: str, typed: str, said: str
) -> None:
    desk = _desk()

    with browsing(desk) as browser:
        answer = browser.post(form, data={**FILLED, "address": typed})

    shown = page(answer.text)
    (field,) = shown.xpath("//input[@name='address']")
    (link,) = shown.xpath("//*[@role='alert']//a[@href='#address']")
    assert answer.status_code == 422
    assert shown.xpath("string(//title)").startswith("Error: ")
    assert link.text_content().startswith(said)
    assert field.get("aria-invalid") == "true"
    described = [shown.get_element_by_id(one) for one in field.get("aria-describedby").split()]
    assert link.text_content() in [one.text_content() for one in described]
    assert desk.signing_up.sent == []


def test_what_was_right_stays_filled_in() -> None:
    with browsing(_desk()) as browser:
        answer = browser.post(SIGN_UP, data={**FILLED, "address": "sian@"})

    assert _value(answer.text, "address") == "sian@"
    assert _checked(answer.text, "topic") == ["events"]
    assert _checked(answer.text, "language") == ["cy"]
    assert _value(answer.text, "nonce") == "theirs"


@pytest.mark.parametrize("topics", [[], ["staff-only"], ["no-such-topic"], ["Events"]])
def test_topics_that_are_not_there_for_everybody_are_as_if_not_chosen(topics: list[str]) -> None:
    """T15."""
    desk = _desk()

    with browsing(desk) as browser:
        none = browser.post(SIGN_UP, data={"address": ADDRESS})
        answer = browser.post(SIGN_UP, data={"address": ADDRESS, "topic": topics})

    assert (answer.status_code, answer.text) == (422, none.text)
    assert _words(answer.text, "//*[@role='alert']//li") == ["Choose at least one newsletter"]
    assert page(answer.text).xpath("//fieldset/@aria-describedby") == ["topic-error"]
    assert desk.signing_up.asked == []


@given(st.text(max_size=30), st.text(max_size=400), st.text(max_size=30))
def test_nothing_that_is_sent_breaks_the_page(topic: str, address: str, language: str) -> None:
    desk = _desk()

    with browsing(desk) as browser:
        sent = {"topic": topic, "address": address, "language": language, "nonce": topic}
        answer = browser.post(SIGN_UP, data=sent)

    assert answer.status_code == 422
    assert len(answer.content) <= 15 * 1024
    assert desk.signing_up.asked == []


@BOTH_FORMS
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x" * 10_000_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(600)), "application/x-www-form-urlencoded", 422),
        (b"address=sian%40example.org", "text/plain", 422),
        (b"\xff\xfe\x00", "multipart/form-data", 422),
        (b"", "", 422),
        (b"address=" + b"%3Cb%3E" * 9000, "application/x-www-form-urlencoded", 422),
    ],
)
def test_bodies_of_any_kind_are_answered_with_a_small_page(
    form: str, body: bytes, content_type: str, status: int
) -> None:
    desk = _desk()

    with browsing(desk) as browser:
        answer = browser.post(form, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == status
    assert len(answer.content) <= 15 * 1024
    assert "<b>" not in answer.text
    assert desk.signing_up.sent == []


@pytest.mark.parametrize("address", [SIGN_UP, MY_LINK, f"{SIGN_UP}/check-email"])
def test_no_other_method_does_anything(address: str) -> None:
    desk = _desk()

    with browsing(desk) as browser:
        statuses = [
            browser.request(method, address).status_code
            for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
        ]

    assert statuses == [200, 405, 405, 405, 405]
    assert desk.signing_up.sent == []


@pytest.mark.parametrize(
    "address", ["/pl/subscribe", "/EN/subscribe", "/subscribe", "/mul/my-link"]
)
def test_in_a_language_that_the_site_does_not_speak_there_is_no_form(address: str) -> None:
    desk = _desk()

    with browsing(desk) as browser:
        statuses = [browser.get(address).status_code, browser.post(address).status_code]

    assert statuses == [404, 404]
    assert desk.signing_up.sent == []


def test_a_name_in_another_language_than_the_page_is_marked() -> None:
    welsh_only = Topic(3, 13, "eisteddfod", {"cy": "Newyddion yr Eisteddfod"}, private=False)

    with browsing(_desk(public_topics=[BULLETIN, welsh_only])) as browser:
        shown = page(browser.get(SIGN_UP).text)

    assert shown.xpath("//label/span/span[@lang='cy']/text()") == ["Newyddion yr Eisteddfod"]


def test_my_link_wants_an_address_and_nothing_else() -> None:
    desk = _desk()

    with browsing(desk) as browser:
        shown = page(browser.get("/cy/my-link").text)
        answer = browser.post("/cy/my-link", data={"address": f" {ADDRESS} "})

    assert shown.xpath("//form//input/@name") == ["nonce", "address", "website"]
    assert answer.headers["location"] == "/cy/fy-nolen/check-email"
    assert desk.signing_up.links == [(ADDRESS, "cy")]
