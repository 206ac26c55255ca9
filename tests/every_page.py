"""Every page that readers may see, in each language, with what the fakes know."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from newsletter.domain.account import AccountWish
from newsletter.domain.admission import Verdict
from newsletter.domain.confirming import Stage
from newsletter.domain.errors import DatabaseBusy, SchemaMismatch
from newsletter.domain.requests import RequestKind
from tests.fake_account_desk import ACCOUNT_TOKEN, FakeAccount
from tests.fake_confirming_desk import CONFIRM_TOKEN, FakeConfirming
from tests.fakes import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN, FakeDesk
from tests.public_pages import browsing

SIGN_UP, MY_LINK = RequestKind.SIGN_UP, RequestKind.MY_LINK


def every_page(language: str) -> dict[str, str]:
    """Each page in that language, as a reader of it meets them, by what it is."""
    unsubscribe = f"/{language}/unsubscribe/{UNSUBSCRIBE_TOKEN}"
    preferences = f"/{language}/preferences/{PREFERENCES_TOKEN}"
    choices = {"language": language, "topic": ["events", "monthly-bulletin"]}
    with browsing(FakeDesk(language=language)) as browser:
        return {
            "unsubscribe": browser.get(unsubscribe).text,
            "preferences": browser.get(preferences).text,
            "saved": browser.post(preferences, data=choices).text,
            "left": browser.post(unsubscribe).text,
            "one click": browser.post(f"/u/{UNSUBSCRIBE_TOKEN}").text,
            "thanked": browser.post(unsubscribe, data={"reason": "other"}).text,
            "back again": browser.post(unsubscribe, data={"undo": "topic"}).text,
            "left all": browser.post(unsubscribe, data={"everything": "yes"}).text,
            "left everything": browser.post(preferences, data={"everything": "yes"}).text,
            "nothing left": browser.get(preferences).text,
            "not found": browser.get(f"/{language}/unsubscribe/garbled").text,
            "bad form": browser.post(preferences).text,
            "wrong method": browser.delete(unsubscribe).text,
            "too large": browser.post(unsubscribe, content=b"x" * 70_000).text,
            "home": browser.get(f"/{language}/").text,
            "privacy": browser.get(f"/{language}/privacy").text,
            "accessibility": browser.get(f"/{language}/accessibility").text,
            "archive": browser.get(f"/{language}/archive").text,
            "past editions": browser.get(f"/{language}/archive/monthly-bulletin").text,
            "sign up": browser.get(f"/{language}/subscribe").text,
            "sign up with faults": browser.post(f"/{language}/subscribe").text,
            "signed up": browser.get(f"/{language}/subscribe/check-email").text,
            "my link": browser.get(f"/{language}/my-link").text,
            "my link sent": browser.get(f"/{language}/my-link/check-email").text,
        }


def pause_pages(language: str) -> dict[str, str]:
    """The page of the preferences while readers pause, and of links that are void."""
    preferences = f"/{language}/preferences/{PREFERENCES_TOKEN}"
    with browsing(FakeDesk(language=language)) as browser:
        return {
            "pause of no length": browser.post(preferences, data={"pause": "yes"}).text,
            "paused": browser.post(preferences, data={"pause": "yes", "months": "2"}).text,
            "started again": browser.post(preferences, data={"resume": "yes"}).text,
            "links void": browser.get(
                browser.post(preferences, data={"void": "yes"}).headers["location"]
            ).text,
            "link void": browser.get(preferences).text,
        }


def account_pages(language: str) -> dict[str, str]:
    """The pages on which readers ask about themselves."""
    account = f"/{language}/preferences/{ACCOUNT_TOKEN}"
    with browsing(FakeDesk()) as browser:
        pages = {f"ask: {wish}": browser.get(f"{account}/{wish}").text for wish in AccountWish}
        pages["ask with faults"] = browser.post(f"{account}/address").text
        pages["asked"] = browser.post(f"{account}/my-data").text
        new = {"address": "new@example.org"}
        pages["asked at both ends"] = browser.post(f"{account}/address", data=new).text
    with browsing(FakeDesk(account=FakeAccount(verdict=Verdict.CROWDED))) as browser:
        return pages | {"asked often": browser.post(f"{account}/erase").text}


def confirm_pages(language: str) -> dict[str, str]:
    """The pages of links that confirm what readers asked about themselves, before and after."""
    pages = {}
    for kind, stage, state in OWN_REQUESTS:
        facts = {"new_address": "n***@example.org", "state": state}
        desk = FakeDesk(confirming=FakeConfirming(stage=stage, kind=kind, facts=facts))
        with browsing(desk) as browser:
            page_of_it = browser.get(f"/{language}/confirm/{CONFIRM_TOKEN}").text
        pages[" ".join(filter(None, (kind, stage, state)))] = page_of_it
    return pages


def sign_up_pages(language: str) -> dict[str, str]:
    """The pages of links that confirm a sign-up, however far it is, and stop all mail."""
    confirm = f"/{language}/confirm/{CONFIRM_TOKEN}"
    pages = {}
    for stage in Stage:
        with browsing(FakeDesk(confirming=FakeConfirming(stage=stage))) as browser:
            pages[f"sign up {stage}"] = browser.get(confirm).text
    with browsing(FakeDesk()) as browser:
        pages["block"] = browser.get(f"{confirm}/block").text
        pages["blocked"] = browser.post(f"{confirm}/block").text
    return pages


def refusals(language: str) -> dict[str, str]:
    """What is said when something was not done, whatever page it was asked of."""
    pages = {}
    for failure in (
        DatabaseBusy("in use"),
        SchemaMismatch("older"),
        *map(HTTPException, (410, 429)),
    ):
        with browsing(FakeDesk(failure=failure)) as browser:  # type: ignore[arg-type]  # whatever a page may raise
            answer = browser.get(f"/{language}/unsubscribe/{UNSUBSCRIBE_TOKEN}")
        pages[f"{answer.status_code} {type(failure).__name__}"] = answer.text
    return pages


OWN_REQUESTS = [
    *((kind, Stage.OPEN, "") for kind in RequestKind if kind not in (SIGN_UP, MY_LINK)),
    (RequestKind.ERASE, Stage.DONE, ""),
    *(
        (kind, Stage.DONE, state)
        for kind in (RequestKind.ADDRESS_FROM, RequestKind.ADDRESS_TO)
        for state in ("waiting", "changed", "same", "taken", "stopped", "gone", "late")
    ),
]
PAGES = {
    language: every_page(language)
    | pause_pages(language)
    | account_pages(language)
    | confirm_pages(language)
    | sign_up_pages(language)
    | refusals(language)
    for language in ("en", "cy")
}
"""By language, and by what it is."""
