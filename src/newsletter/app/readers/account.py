"""What readers ask about themselves: written down now, and confirmed by a link in their mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from newsletter.app.readers.changing import changing
from newsletter.app.readers.preferring import Preferring
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.audience.requests.asked_lately import AskedLately, asked_lately
from newsletter.audience.requests.asking import ask
from newsletter.audience.requests.both_ends import new_details
from newsletter.domain.account import AccountForm, AccountWish
from newsletter.domain.admission import Verdict
from newsletter.domain.people import ConsentSource, Subscriber
from newsletter.domain.readers import Forgotten, Reader, Voided
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose

_MOST_A_DAY = 3
"""Wishes of one kind: who got hold of somebody's newsletter shall not fill mailboxes with them, be
it the person's own or those of the new addresses that they name."""

_DAY = timedelta(days=1)
_AT_ONCE = timedelta(minutes=1)

_KINDS = {
    AccountWish.ADDRESS: RequestKind.ADDRESS_FROM,
    AccountWish.MY_DATA: RequestKind.MY_DATA,
    AccountWish.ERASE: RequestKind.ERASE,
}


class Account:
    """The desk of the account pages, of one workspace; `wake` is called when there is something to
    look at."""

    def __init__(self, workspace: Workspace, wake: Callable[[], None]) -> None:
        self._workspace = workspace
        self._preferring = Preferring(workspace)
        self._wake = wake

    def masked_address(self, token: str) -> str | Forgotten | Voided | None:
        """The address of the person whom the token names, masked."""
        opened = self._preferring.reader(token)
        return opened.masked_address if isinstance(opened, Reader) else opened

    def ask(self, token: str, form: AccountForm) -> Verdict | None:
        """Writes the wish down, unless the person has just done so, or has too often."""
        now = self._workspace.now()
        with reading(self._workspace.engine) as connection:
            # Whoever posts garbage cannot keep others from the database.
            if self._person(connection, token) is None:
                return None
        with changing(self._workspace) as connection:
            person = self._person(connection, token)
            if person is None:
                return None
            kind = _KINDS[form.wish]
            lately = asked_lately(connection, person.canonical, kind, now - _DAY)
            if any(one.at > now - _AT_ONCE and _is_same(one, form) for one in lately):
                return Verdict.IGNORED
            if len(lately) >= _MOST_A_DAY:
                return Verdict.CROWDED
            ask(connection, _requests(person, form), now)
        self._wake()
        return Verdict.TAKEN

    def _person(self, connection: Connection, token: str) -> Subscriber | None:
        """Whom the token names, in the moment in which something is written down for them."""
        tokens = self._workspace.tokens
        handle = tokens.claimed_handle(Purpose.PREFERENCES, token)
        person = None if handle is None else subscribers.by_handle(connection, handle)
        if person is None or not tokens.read(Purpose.PREFERENCES, token, epoch=person.epoch):
            return None
        return person


def _is_same(one: AskedLately, form: AccountForm) -> bool:
    return form.wish is not AccountWish.ADDRESS or one.details["new_address"] == form.new_address


def _requests(person: Subscriber, form: AccountForm) -> Sequence[NewRequest]:
    if form.wish is not AccountWish.ADDRESS:
        return [_request(_KINDS[form.wish], person.address, form, {})]
    details = new_details(person.address, form.new_address)
    return [
        _request(RequestKind.ADDRESS_FROM, person.address, form, details),
        _request(RequestKind.ADDRESS_TO, form.new_address, form, details),
    ]


def _request(
    kind: RequestKind, address: str, form: AccountForm, details: dict[str, str]
) -> NewRequest:
    return NewRequest(
        kind,
        address,
        form.language,
        ConsentSource.PREFERENCES_PAGE,
        ip=form.ip,
        details=details,
    )
