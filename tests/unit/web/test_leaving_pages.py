"""What somebody who has left may do next, and what is answered while the database rests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsletter.domain.requests import LeavingReason
from newsletter.web.any_body import MOST_DISCARDED
from tests.fakes import UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import a_house, browsing, buttons, heading, page

ONE_CLICK = f"/u/{UNSUBSCRIBE_TOKEN}"
UNSUBSCRIBE = f"/en/unsubscribe/{UNSUBSCRIBE_TOKEN}"
UNDO, REASON = "Put me back", "Send the reason"


def test_whoever_has_left_may_take_it_back_leave_the_rest_and_say_why() -> None:
    """T8."""
    with browsing(FakeDesk(language="en")) as browser:
        answer = browser.post(UNSUBSCRIBE)
        again = [browser.get(address) for address in (UNSUBSCRIBE, ONE_CLICK)]

    for one in (answer, *again):
        assert buttons(one.text) == [UNDO, "Leave everything", REASON]


def test_a_mail_program_gets_a_short_answer_that_names_nobody() -> None:
    """T6, T9: it shows it to nobody, and may keep it anywhere."""
    with browsing(FakeDesk(language="en")) as browser:
        first, second = browser.post(ONE_CLICK), browser.post(ONE_CLICK)

    assert heading(first.text) == "You have left this newsletter"
    assert first.text == second.text
    assert UNSUBSCRIBE_TOKEN not in first.text
    assert "@" not in first.text
    assert first.headers["Cache-Control"] == "no-store"


def test_the_button_brings_back_what_was_left_and_says_so() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        browser.post(ONE_CLICK)
        answer = browser.post(UNSUBSCRIBE, data={"undo": "topic"})

    assert heading(answer.text) == "You are back"
    assert desk.calls == ["one-click", "undo"]
    assert desk.subscribed == {"monthly-bulletin", "consultations"}


def test_after_everything_the_button_brings_everything_back() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        left = browser.post(UNSUBSCRIBE, data={"everything": "yes"})
        (undo,) = page(left.text).xpath("//button[@name='undo']")
        browser.post(UNSUBSCRIBE, data={"undo": undo.get("value")})

    assert desk.calls == ["leave-all", "undo-everything"]
    assert desk.subscribed == {"monthly-bulletin", "consultations"}


def test_who_is_too_late_is_told_so_and_offered_nothing() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        browser.post(UNSUBSCRIBE)
        desk.leaving.is_late = True
        answer = browser.post(UNSUBSCRIBE, data={"undo": "topic"})

    assert answer.status_code == 200
    told = page(answer.text).xpath("normalize-space(//*[@role='status'])")
    assert told.startswith("We could not put you back")
    assert UNDO not in buttons(answer.text)
    assert desk.subscribed == {"consultations"}


def test_a_reason_is_asked_for_with_nothing_chosen_and_thanked_for() -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        asked = page(browser.post(UNSUBSCRIBE).text)
        answer = browser.post(UNSUBSCRIBE, data={"reason": ["too-often", "unsaid"]})

    radios = asked.xpath("//input[@type='radio' and @name='reason']")
    assert [one.get("value") for one in radios] == list(LeavingReason)
    assert not asked.xpath("//input[@checked or @required]")
    assert desk.leaving.reasons == [LeavingReason.TOO_OFTEN]
    told = page(answer.text).xpath("normalize-space(//*[@role='status'])")
    assert told == "Thank you for telling us why."
    assert REASON not in buttons(answer.text)


@pytest.mark.parametrize("reason", ["unsaid", "whatever", "<b>"])
def test_no_reason_or_one_of_somebody_elses_is_nothing_said_and_nobody_leaves(reason: str) -> None:
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(UNSUBSCRIBE, data={"reason": reason})

    assert answer.status_code == 200
    assert desk.calls == []
    assert desk.leaving.reasons == []


def test_while_the_database_rests_the_wish_is_taken_in_words_that_say_so() -> None:
    """T10: of a mail program's post nobody knows the language."""
    desk = FakeDesk()
    desk.leaving.is_away = True

    with browsing(desk) as browser:
        pages = [
            browser.post(UNSUBSCRIBE),
            browser.post(UNSUBSCRIBE, data={"everything": "yes"}),
            browser.post(ONE_CLICK),
        ]

    assert [one.status_code for one in pages] == [200, 200, 200]
    assert {heading(one.text) for one in pages} == {"We have taken your request"}
    assert "Rydym wedi derbyn eich cais" in pages[2].text
    assert not any(buttons(one.text) for one in pages)


def test_while_the_database_rests_there_is_a_button_all_the_same() -> None:
    desk = FakeDesk()
    desk.leaving.is_away = True

    with browsing(desk) as browser:
        pages = [browser.get(UNSUBSCRIBE), browser.get(ONE_CLICK)]

    assert [buttons(one.text) for one in pages] == [["Unsubscribe"]] * 2
    assert not any("@" in one.text for one in pages)


@pytest.mark.parametrize("size", [100_000, 10 * 2**20, MOST_DISCARDED + 2**20])
def test_one_click_acts_however_large_its_body_is(size: int) -> None:
    """T6: what the body holds is nobody's business."""
    desk = FakeDesk()

    with browsing(desk) as browser:
        answer = browser.post(ONE_CLICK, content=_pieces(size))

    assert answer.status_code == 200
    assert desk.calls == ["one-click"]


@pytest.mark.parametrize("name", ["undo", "reason"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_answer_speaks_one_language(name: str, language: str) -> None:
    own = f"/{language}/unsubscribe/{UNSUBSCRIBE_TOKEN}"

    with browsing(FakeDesk(), a_house()) as browser:
        browser.post(own)
        answer = page(browser.post(own, data={name: "other"}).text)

    assert answer.get("lang") == language


def _pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 2**16):
        yield bytes(2**16)
