"""The pages on which readers ask about themselves: what they say, and what they never do."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from newsletter.domain.account import AccountForm, AccountWish
from newsletter.domain.admission import Verdict
from newsletter.domain.confirming import Download, Stage
from newsletter.domain.readers import Forgotten, Voided
from newsletter.domain.requests import RequestKind
from newsletter.web.site import create_site
from tests.fake_account_desk import ACCOUNT_TOKEN, FakeAccount
from tests.fake_confirming_desk import CONFIRM_TOKEN, FakeConfirming
from tests.fakes import PREFERENCES_TOKEN, FakeDesk
from tests.public_pages import a_house, browsing, buttons, heading, page

ACCOUNT = f"/en/preferences/{ACCOUNT_TOKEN}"
CONFIRM = f"/en/confirm/{CONFIRM_TOKEN}"
NEW = "Sian.New@example.com"
EVERY_WISH = pytest.mark.parametrize("wish", list(AccountWish))


def a_desk(**changes: object) -> FakeDesk:
    return FakeDesk(account=FakeAccount(**changes))  # type: ignore[arg-type]


def sent(wish: AccountWish) -> dict[str, str]:
    return {"address": NEW} if wish is AccountWish.ADDRESS else {}


def words(text: str) -> str:
    return " ".join(page(text).xpath("string(//main)").split())


@EVERY_WISH
def test_only_a_post_asks(wish: AccountWish) -> None:
    """T5: scanners open every link."""
    desk = a_desk()

    with browsing(desk) as browser:
        for method in ("GET", "HEAD", "GET"):
            answer = browser.request(method, f"{ACCOUNT}/{wish}", params={"address": NEW})
            assert answer.status_code == 200
        for method in ("OPTIONS", "PUT", "DELETE"):
            assert browser.request(method, f"{ACCOUNT}/{wish}").status_code == 405

    assert desk.account.forms == []


@EVERY_WISH
def test_a_wish_goes_to_the_desk_in_the_language_of_the_page(wish: AccountWish) -> None:
    desk = a_desk()

    with browsing(desk) as browser:
        answer = browser.post(f"/cy/preferences/{ACCOUNT_TOKEN}/{wish}", data=sent(wish))

    new = NEW if wish is AccountWish.ADDRESS else ""
    assert answer.status_code == 200
    assert desk.account.forms == [AccountForm(wish, "cy", None, new)]
    assert heading(answer.text) == "Edrychwch yn eich e-bost"


def test_the_page_afterwards_says_where_to_look_and_for_how_long() -> None:
    with browsing(a_desk()) as browser:
        text = words(browser.post(f"{ACCOUNT}/my-data").text)
        both = words(browser.post(f"{ACCOUNT}/address", data={"address": NEW}).text)

    assert "An email is on its way to s***@example.org." in text
    assert "The link works for an hour." in text
    assert f"Two emails are on their way, one to s***@example.org and one to {NEW}." in both


@pytest.mark.parametrize("verdict", [Verdict.TAKEN, Verdict.IGNORED])
def test_the_same_twice_is_answered_like_once(verdict: Verdict) -> None:
    with browsing(a_desk()) as browser:
        once = browser.post(f"{ACCOUNT}/erase")
    with browsing(a_desk(verdict=verdict)) as browser:
        twice = browser.post(f"{ACCOUNT}/erase")

    assert (once.status_code, once.text) == (twice.status_code, twice.text)


def test_whoever_asks_too_often_is_told_so_and_what_to_do() -> None:
    with browsing(a_desk(verdict=Verdict.CROWDED)) as browser:
        answer = browser.post(f"{ACCOUNT}/my-data")

    assert answer.status_code == 429
    assert heading(answer.text) == "You have asked for this three times today"
    assert page(answer.text).xpath("//main//a/@href") == [ACCOUNT]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "Enter your new email address"),
        ("   ", "Enter your new email address"),
        ("sian", "Enter an email address in the right format"),
        ("sian@", "Enter an email address in the right format"),
        ("sian@localhost", "Enter an email address in the right format"),
        ("a@example.org, b@example.org", "Enter an email address in the right format"),
        ("Sian <sian@example.org>", "Enter an email address in the right format"),
        ("sian@example.org\r\nBcc: all@example.org", "Enter an email address in the right format"),
        ("sian@example.org\n", None),
        ("sian@example.org\0", "Enter an email address in the right format"),
        ("=?utf-8?q?sian?=@example.org", "Enter an email address in the right format"),
        ("x" * 500 + "@example.org", "Enter an email address in the right format"),
    ],
)
def test_what_is_no_address_is_shown_again_with_what_is_wrong(
    typed: str, fault: str | None
) -> None:
    """M12; 3.3.1 and 3.3.7: a summary, the same words at the field, the input kept."""
    desk = a_desk()

    with browsing(desk) as browser:
        answer = browser.post(f"{ACCOUNT}/address", data={"address": typed})

    if fault is None:
        assert [one.new_address for one in desk.account.forms] == [typed.strip()]
        return
    document = page(answer.text)
    assert answer.status_code == 422
    assert desk.account.forms == []
    (link,) = document.xpath("//*[@role='alert']//a[@href='#address']")
    (field,) = document.xpath("//input[@id='address']")
    assert link.text_content().startswith(fault)
    assert document.xpath("string(//*[@id='address-error'])") == link.text_content()
    assert document.xpath("string(//title)").startswith("Error: ")
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "address-error")
    assert typed.strip()[:20].rstrip("\0") in (field.get("value") or "").replace("\n", "\r\n")


def test_what_was_typed_is_never_markup() -> None:
    with browsing(a_desk()) as browser:
        text = browser.post(f"{ACCOUNT}/address", data={"address": '"><script>x</script>'}).text

    assert page(text).xpath("//script") == []
    assert page(text).xpath("//input[@id='address']/@value") == ['"><script>x</script>']


@EVERY_WISH
def test_more_than_any_form_sends_is_refused(wish: AccountWish) -> None:
    desk = a_desk()

    with browsing(desk) as browser:
        answer = browser.post(f"{ACCOUNT}/{wish}", content=b"address=" + b"x" * 10 * 2**20)

    assert answer.status_code == 413
    assert desk.account.forms == []


@EVERY_WISH
def test_garbage_and_unknown_languages_are_not_found_and_ask_nothing(wish: AccountWish) -> None:
    """T7: one page for all that is not there."""
    desk = a_desk()
    wrong = [
        f"/en/preferences/{PREFERENCES_TOKEN}/{wish}",
        f"/en/preferences/garbled/{wish}",
        f"/en/preferences/{ACCOUNT_TOKEN}x/{wish}",
        f"{ACCOUNT}/{wish}/",
        f"{ACCOUNT}/other",
    ]

    with browsing(desk) as browser:
        answers = [browser.post(one, data=sent(wish)) for one in wrong]
        unknown = browser.post(f"/pl/preferences/{ACCOUNT_TOKEN}/{wish}", data=sent(wish))

    assert {one.status_code for one in (*answers, unknown)} == {404}
    assert len({one.text for one in answers}) == 1
    assert desk.account.forms == []


@EVERY_WISH
def test_whoever_is_forgotten_or_has_a_void_link_is_told_that(wish: AccountWish) -> None:
    """T4, T7"""
    answers = []
    for somebody in (Forgotten(), Voided()):
        desk = a_desk(address=somebody)
        with browsing(desk) as browser:
            answers += [browser.get(f"{ACCOUNT}/{wish}"), browser.post(f"{ACCOUNT}/{wish}")]
        assert desk.account.forms == []

    assert [one.status_code for one in answers] == [200, 200, 410, 410]
    assert heading(answers[0].text) == "You are not on our list"


def test_the_forms_also_stand_on_the_page_of_the_preferences() -> None:
    address = f"/en/preferences/{PREFERENCES_TOKEN}"

    with browsing(FakeDesk()) as browser:
        document = page(browser.get(address).text)

    actions = document.xpath("//section[@id='account']//form/@action")
    assert actions == [f"{address}/{wish}" for wish in AccountWish]


# Confirming


def test_the_data_may_be_had_in_two_forms_and_the_file_is_kept_by_nobody() -> None:
    """T9"""
    file = Download("person.json", b'{"email": "s"}', "application/json")
    confirming = FakeConfirming(kind=RequestKind.MY_DATA, facts={}, download=file)

    with browsing(FakeDesk(confirming=confirming)) as browser:
        shown = browser.get(CONFIRM).text
        answer = browser.post(CONFIRM, data={"choice": "json"})

    assert buttons(shown) == ["Download to read", "Download for programs (JSON)"]
    assert page(shown).xpath("//button/@value") == ["text", "json"]
    assert confirming.calls == [("confirm json", None)]
    assert answer.content == file.content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="person.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].startswith("application/json")


def test_the_page_before_erasing_says_what_goes_and_what_stays() -> None:
    """L4"""
    confirming = FakeConfirming(kind=RequestKind.ERASE, facts={})

    with browsing(FakeDesk(confirming=confirming)) as browser:
        shown = browser.get(CONFIRM).text
        done = browser.post(CONFIRM).text

    headings = [one.text_content() for one in page(shown).xpath("//main//h2")]
    assert headings == ["What goes", "What stays"]
    assert buttons(shown) == ["Erase everything about me"]
    assert "seal" in words(shown)
    assert heading(done) == "Everything about you has been erased"
    assert "@" not in words(done)


@pytest.mark.parametrize("kind", [RequestKind.ADDRESS_FROM, RequestKind.ADDRESS_TO])
@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("waiting", "One more step"),
        ("changed", "Your address has been changed"),
        *(
            (state, "Your address has not been changed")
            for state in ("same", "taken", "stopped", "gone", "late")
        ),
    ],
)
def test_each_end_of_a_change_says_how_it_stands(kind: RequestKind, state: str, title: str) -> None:
    facts = {"new_address": "n***@example.com", "state": state}
    confirming = FakeConfirming(stage=Stage.DONE, kind=kind, facts=facts)

    with browsing(FakeDesk(confirming=confirming)) as browser:
        text = browser.post(CONFIRM).text

    assert heading(text) == title
    assert len(words(text)) > len(title) + 40
    assert confirming.calls == []


def test_a_page_is_what_it_is_behind_a_proxy_that_is_trusted() -> None:
    """X16: where the wish came from is what the proxy says."""
    desk = a_desk()
    house = a_house(trusted_proxies=("127.0.0.1",))

    with TestClient(
        create_site(desk.desks, house), "https://news.example.org", client=("127.0.0.1", 1)
    ) as browser:
        browser.post(f"{ACCOUNT}/erase", headers={"X-Forwarded-For": "198.51.100.7, 192.0.2.9"})

    assert [one.ip for one in desk.account.forms] == ["192.0.2.9"]
