"""What readers choose on their own page, and what they are told about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from newsletter.domain.people import ConsentSource, MailFormat, SubscriptionStatus, Wording
from newsletter.domain.readers import Choices, ReaderTopic, Told
from newsletter.web.site import create_site
from tests.fake_preferences_desk import FRESH_TOKEN
from tests.fakes import (
    BULLETIN,
    CONSULTATIONS,
    EVENTS,
    PREFERENCES_TOKEN,
    UNSUBSCRIBE_TOKEN,
    FakeDesk,
)
from tests.public_pages import a_house, browsing, buttons, heading, page

ENGLISH = f"/en/preferences/{PREFERENCES_TOKEN}"
WELSH = f"/cy/preferences/{PREFERENCES_TOKEN}"
FRESH = f"/en/preferences/{FRESH_TOKEN}"
FORM = "application/x-www-form-urlencoded"
EVERY_FORM = (
    {"topic": "events", "language": "en"},
    {"pause": "yes", "months": "3"},
    {"resume": "yes"},
    {"everything": "yes"},
    {"void": "yes"},
)
SHOWN = Wording("Which newsletters would you like to receive?", "en")
UNENDING = replace(BULLETIN, status=SubscriptionStatus.PAUSED)


def status(text: str) -> str:
    return str(page(text).xpath("normalize-space(//*[@role='status'])"))


def words_of(text: str, section: str) -> str:
    (found,) = page(text).xpath(f"//*[@id='{section}']")
    return " ".join(found.text_content().split())


def posted(browser: TestClient, **data: str | list[str]) -> str:
    answer = browser.post(ENGLISH, data=data)
    assert answer.status_code == 200
    return answer.text


# Choices


def test_preferences_show_what_the_reader_gets_in_which_language_and_form() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get(ENGLISH).text)

    boxes = {box.get("value"): box.get("checked") for box in shown.xpath("//input[@name='topic']")}
    assert boxes == {"monthly-bulletin": "checked", "consultations": "checked", "events": None}
    assert shown.xpath("//input[@name='language']/@value") == ["en", "cy"]
    assert shown.xpath("//input[@name='language' and @checked]/@value") == ["cy"]
    assert shown.xpath("//input[@name='format']/@value") == ["html", "text"]
    assert shown.xpath("//input[@name='format' and @checked]/@value") == ["html"]


def test_saving_takes_over_exactly_what_was_chosen() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        shown = posted(
            browser, topic=["events", "consultations"], language="en", format=MailFormat.TEXT
        )

    assert status(shown) == "Your choices have been saved."
    assert desk.preferring.chosen == [
        Choices(frozenset({"events", "consultations"}), "en", MailFormat.TEXT, SHOWN)
    ]
    assert page(shown).xpath("//input[@name='format' and @checked]/@value") == ["text"]


def test_a_form_without_a_format_leaves_it_as_it_is() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        posted(browser, topic="events", language="en")

    assert desk.preferring.chosen == [Choices(frozenset({"events"}), "en", None, SHOWN)]


def test_what_stood_on_the_page_and_where_the_form_came_from_go_with_the_choices() -> None:
    """L1."""
    desk = FakeDesk()
    house = a_house(trusted_proxies=("192.0.2.1",))
    site = create_site(desk.desks, house)

    with TestClient(site, base_url=house.base_url, client=("192.0.2.1", 50000)) as browser:
        browser.post(WELSH, data={"language": "cy"}, headers={"X-Forwarded-For": "198.51.100.7"})

    (chosen,) = desk.preferring.chosen
    assert chosen.wording == Wording("Pa gylchlythyrau yr hoffech eu derbyn?", "cy")
    assert chosen.ip == "198.51.100.7"


def test_saving_with_nothing_ticked_leaves_every_topic_on_the_page() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        shown = posted(browser, language="en")

    assert desk.subscribed == set()
    assert "You do not receive any of our newsletters." in shown
    assert not {"Leave everything", "Pause my newsletters"} & set(buttons(shown))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "topic=events",
        "topic=events&language=tlh",
        "language=",
        "language=en%0d%0aSet-Cookie:%20a=b",
        "topic=events&language=en&format=pdf",
        "topic=events&language=en&format=HTML",
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(body: str) -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(ENGLISH, content=body, headers={"Content-Type": FORM})

    assert answer.status_code == 400
    assert desk.calls == []
    assert "Nothing has been changed." in answer.text


def test_what_is_in_a_field_is_neither_markup_nor_a_header() -> None:
    evil = '"><script>alert(1)</script>\r\nSet-Cookie: a=b'

    with browsing(FakeDesk()) as browser:
        answers = [
            browser.post(ENGLISH, data=data | {"topic": evil, "months": evil, "void-not": evil})
            for data in ({"language": "en"}, {"pause": evil}, {"resume": evil})
        ]

    for answer in answers:
        assert "<script>" not in answer.text
        assert "alert(1)" not in answer.text
        assert "set-cookie" not in answer.headers


def test_a_topic_that_could_not_be_added_is_named() -> None:
    desk = FakeDesk()
    desk.preferring.is_suppressed = True

    with browsing(desk) as browser:
        shown = posted(browser, language="en", topic=["consultations", "events"])

    told = page(shown).xpath("normalize-space(//*[@class='saved'])")
    assert "We could not add Events," in told
    assert "Consultations" not in told


def test_a_topic_that_is_not_on_the_page_is_not_spoken_of() -> None:
    """T15: whether there is one of that name, nobody learns."""
    with browsing(FakeDesk()) as browser:
        without = posted(browser, language="en", topic="events")
        guessed = posted(browser, language="en", topic=["events", "board-papers"])

    assert guessed == without


# Pauses


@pytest.mark.parametrize("months", ["1", "2", "3", "4", "5", "6"])
def test_pausing_says_when_everything_starts_again(months: str) -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        shown = posted(browser, pause="yes", months=months)

    assert desk.preferring.months == [int(months)]
    assert status(shown) == "Your newsletters are paused."
    assert "What is paused starts again on 1 March 2027." in shown
    told = words_of(shown, "pause")
    assert "Monthly bulletin, which starts again on 1 March 2027" in told
    assert "Events" not in told


def test_whoever_pauses_may_start_again_and_is_not_asked_to_pause_once_more() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        paused = posted(browser, pause="yes", months="2")
        resumed = posted(browser, resume="yes")

    assert "Start again now" in buttons(paused)
    assert "Pause my newsletters" not in buttons(paused)
    assert status(resumed) == "Your newsletters are no longer paused."
    assert "Start again now" not in buttons(resumed)
    assert desk.calls == ["pause", "resume"]


def test_what_is_paused_is_still_ticked_and_saving_says_that_it_is_paused() -> None:
    paused = replace(
        BULLETIN, status=SubscriptionStatus.PAUSED, resumes_at=datetime(2027, 3, 1, tzinfo=UTC)
    )

    with browsing(FakeDesk(topics=(paused, EVENTS))) as browser:
        shown = posted(browser, language="en", topic="monthly-bulletin")

    assert page(shown).xpath("//input[@name='topic' and @checked]/@value") == ["monthly-bulletin"]
    assert "What is paused starts again on 1 March 2027." in shown


def test_a_pause_without_an_end_says_that_it_has_none() -> None:
    with browsing(FakeDesk(topics=(UNENDING, CONSULTATIONS))) as browser:
        shown = browser.get(ENGLISH).text

    assert "Monthly bulletin, until you start it again" in words_of(shown, "pause")
    assert {"Start again now", "Pause my newsletters"} <= set(buttons(shown))


def test_whoever_gets_nothing_has_nothing_to_pause() -> None:
    with browsing(FakeDesk(topics=(EVENTS,))) as browser:
        shown = posted(browser, pause="yes", months="2")

    assert status(shown) == "There was nothing to pause."
    assert page(shown).xpath("//*[@id='pause']") == []


@pytest.mark.parametrize("months", [None, "", "0", "7", "-1", "1.5", "one", "1\r\n", "²"])
@pytest.mark.parametrize(
    ("address", "title", "words"),
    [
        (ENGLISH, "Error: Your preferences", "Choose how long you would like to pause for"),
        (WELSH, "Gwall: Eich dewisiadau", "Dewiswch am ba hyd yr hoffech oedi"),
    ],
)
def test_a_pause_of_no_length_is_asked_for_again(
    address: str, title: str, words: str, months: str | None
) -> None:
    """Studio notes 8.6: the title says it, a summary links to the field, the words stand there."""
    desk = FakeDesk()
    data = {"pause": "yes"} | ({} if months is None else {"months": months})

    with browsing(desk) as browser:
        answer = browser.post(address, data=data)

    shown = page(answer.text)
    assert answer.status_code == 422
    assert shown.findtext(".//title").startswith(title)
    (link,) = shown.xpath("//*[@role='alert']//a")
    assert link.text == words
    (field,) = shown.xpath(f"//*[@id='{link.get('href').removeprefix('#')}']")
    (group,) = field.xpath("ancestor::fieldset")
    (at_field,) = shown.xpath(f"//*[@id='{group.get('aria-describedby')}']")
    assert at_field.text == words
    assert shown.xpath("//*[@role='status']") == []
    assert desk.calls == []


# Why do I get this?


def test_why_do_i_get_this_says_since_when_on_what_basis_from_where_and_in_which_words() -> None:
    with browsing(FakeDesk()) as browser:
        shown = page(browser.get(ENGLISH).text)

    why = shown.xpath("//*[@id='why']")[0]
    assert why.xpath(".//h3/text()") == ["Monthly bulletin", "Consultations"]
    assert [" ".join(one.text_content().split()) for one in why.xpath(".//dd")] == [
        "4 October 2026",  # half past midnight in London, though not in UTC
        "You agreed to receive it.",
        "Your address was on a list that we already had.",
        "Cewch ein bwletin bob mis."
        " You were shown these words on 30 September 2026, in version 2026-09.",
        "15 January 2026",
        "Sending it is part of our work as a public body.",
        "You chose it on this page.",
        "We have no record of the words that you were shown.",
    ]
    (words,) = why.xpath(".//blockquote")
    assert (words.get("lang"), words.get("dir")) == ("cy", "ltr")


def test_words_of_a_language_that_nobody_knows_are_marked_as_such() -> None:
    told = Told(Wording("<b>News & more</b>"), datetime(2026, 9, 30, 12, tzinfo=UTC))

    with browsing(FakeDesk(topics=(replace(BULLETIN, told=told),))) as browser:
        shown = page(browser.get(ENGLISH).text)

    (words,) = shown.xpath("//*[@id='why']//blockquote")
    assert (words.get("lang"), words.get("dir")) == ("", "auto")
    assert words.text_content() == "<b>News & more</b>"
    assert "You were shown these words on 30 September 2026." in shown.text_content()


def test_whoever_has_yet_to_confirm_is_told_that_nothing_comes() -> None:
    waiting = replace(
        BULLETIN, status=SubscriptionStatus.PENDING, source=ConsentSource.SIGN_UP_PAGE
    )

    with browsing(FakeDesk(topics=(waiting,))) as browser:
        shown = browser.get(ENGLISH).text

    assert "You have not confirmed yet that you would like it" in words_of(shown, "why")
    first = page(shown).xpath("//*[@id='why']//dl/div")[0]
    assert [one.text for one in first] == ["You asked for it on", "4 October 2026"]
    assert page(shown).xpath("//*[@id='pause']") == []


@pytest.mark.parametrize(
    ("source", "english", "welsh"),
    [
        (
            ConsentSource.SIGN_UP_PAGE,
            "You signed up on our website.",
            "Gwnaethoch danysgrifio ar ein gwefan.",
        ),
        (
            ConsentSource.SIGN_UP_CONFIRMED,
            "and confirmed it by the link that we emailed to you.",
            "drwy’r ddolen a anfonwyd atoch mewn e-bost.",
        ),
        (ConsentSource.LEAVING_UNDONE, "You had left, and took that back.", "Roeddech wedi gadael"),
        (ConsentSource.PAUSE_OVER, "You had paused it,", "Roeddech wedi’i oedi,"),
        (ConsentSource.STAFF_ADD, "Our staff added you", "Ychwanegodd ein staff chi"),
        (None, "Not recorded", "Heb ei gofnodi"),
    ],
)
def test_where_it_came_from_is_said_in_plain_words(
    source: str | None, english: str, welsh: str
) -> None:
    with browsing(FakeDesk(topics=(replace(BULLETIN, source=source),))) as browser:
        in_english, in_welsh = browser.get(ENGLISH).text, browser.get(WELSH).text

    assert english in words_of(in_english, "why")
    assert welsh in words_of(in_welsh, "why")


def test_a_topic_without_a_welsh_name_is_marked_as_english_on_the_welsh_page() -> None:
    """H10 (WCAG 3.1.2)."""
    english_only = ReaderTopic(
        'jobs"><b>',
        {"en": "Jobs & training"},
        SubscriptionStatus.PAUSED,
        source="the <b>county show</b>",
    )

    with browsing(FakeDesk(topics=(english_only,))) as browser:
        answer = browser.get(WELSH)

    names = page(answer.text).xpath("//span[@lang='en' and @dir='ltr']/text()")
    assert names == ["Jobs & training"] * 3
    assert "<b>" not in answer.text


# Leaving, and links that are void


def test_whoever_left_everything_by_a_slip_finds_the_way_back_to_choose_again() -> None:
    with browsing(FakeDesk()) as browser:
        left = posted(browser, everything="yes")

    assert heading(left) == "You have left all our newsletters"
    assert page(left).xpath("//main//a/@href") == [ENGLISH]


def test_voiding_the_links_goes_on_at_a_fresh_one_that_says_so() -> None:
    """T4."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(ENGLISH, data={"void": "yes"})
        shown = browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(FRESH)
    assert answer.headers["cache-control"] == "no-store"
    assert shown.status_code == 200
    assert status(shown.text).startswith("Your old links have stopped working.")
    assert set(page(shown.text).xpath("//form/@action")) >= {FRESH}
    assert PREFERENCES_TOKEN not in shown.text


@pytest.mark.parametrize("data", EVERY_FORM)
def test_a_link_that_was_made_void_opens_nothing_and_says_what_to_do(data: dict[str, str]) -> None:
    """T4: also whoever pressed that very button twice."""
    desk = FakeDesk()
    desk.preferring.is_voided = True

    with browsing(desk) as browser:
        answers = [browser.get(ENGLISH), browser.post(ENGLISH, data=data)]

    for answer in answers:
        assert answer.status_code == 410
        assert heading(answer.text) == "This link has stopped working"
        assert page(answer.text).xpath("//main//a/@href") == ["/en/my-link"]
        assert "@" not in answer.text
        assert buttons(answer.text) == []
    assert desk.calls == []


@pytest.mark.parametrize("data", EVERY_FORM)
@pytest.mark.parametrize("token", [UNSUBSCRIBE_TOKEN, "garbled"])
def test_no_form_acts_without_its_own_token(data: dict[str, str], token: str) -> None:
    """T2, T7."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(f"/en/preferences/{token}", data=data)

    assert answer.status_code == 404
    assert desk.calls == []


@pytest.mark.parametrize("data", EVERY_FORM)
def test_looking_with_the_fields_of_a_form_does_nothing(data: dict[str, str]) -> None:
    """T5."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        for method in ("GET", "HEAD", "OPTIONS"):
            browser.request(method, ENGLISH, params=data)

    assert desk.calls == []


@given(body=st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=4))
def test_no_form_whatever_is_in_it_breaks_the_page(body: dict[str, str]) -> None:
    sent = "&".join(f"{quote(name)}={quote(value)}" for name, value in body.items())

    with browsing(FakeDesk()) as browser:
        answer = browser.post(ENGLISH, content=sent, headers={"Content-Type": FORM})

    assert answer.status_code == 400
