"""A reader of a whole workspace, who asks for things with the link of a newsletter, and confirms
them with the links that are mailed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from newsletter.app import people
from newsletter.app.readers.account import Account
from newsletter.app.readers.confirming import Confirming
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.domain.account import AccountForm, AccountWish
from newsletter.domain.admission import Verdict
from newsletter.domain.confirming import Confirmation
from newsletter.domain.people import Basis
from newsletter.domain.requests import RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading
from newsletter.storage.schema import requests
from newsletter.tokens.tokens import Purpose
from tests.workspaces import TOPIC

OLD = "Siân.Old@example.org"
NEW = "Sian.New@example.com"
CAME = datetime(2026, 10, 1, 9, tzinfo=UTC)


def add_person(workspace: Workspace, address: str, name: str = "Siân") -> None:
    """Puts a person of whom Welsh is the language on the list."""
    grounds = Grounds(Basis.CONSENT, "form at the fair", None, "mair", CAME)
    people.add(workspace, Person(parse_address(address), name, "cy"), TOPIC, grounds)


@dataclass
class AskingReader:
    """The person at `OLD`, with the preferences link of the newsletter that they had first; `woken`
    counts how often somebody was told that there is something to look at."""

    workspace: Workspace
    token: str = ""
    woken: list[None] = field(default_factory=list)

    def __post_init__(self) -> None:
        add_person(self.workspace, OLD)
        self.token = self.link()

    def link(self, address: str = OLD) -> str:
        """The preferences token that a newsletter to that address brings now."""
        with reading(self.workspace.engine) as connection:
            person = subscribers.subscriber(connection, address)
        return self.workspace.tokens.token(
            Purpose.PREFERENCES, handle=person.handle, epoch=person.epoch
        )

    @property
    def account(self) -> Account:
        """The desk where they ask."""
        return Account(self.workspace, lambda: self.woken.append(None))

    @property
    def confirming(self) -> Confirming:
        """The desk where they confirm."""
        return Confirming(self.workspace)

    def ask(self, wish: AccountWish, new_address: str = "", token: str = "") -> Verdict | None:
        """Sends the form of a wish."""
        form = AccountForm(wish, "cy", "192.0.2.7", new_address)
        return self.account.ask(token or self.token, form)

    def mailed(self, kind: RequestKind) -> str:
        """The confirm token in the newest mail about such a request."""
        query = select(requests.c.handle).where(requests.c.kind == kind)
        with reading(self.workspace.engine) as connection:
            rows = connection.execute(query.order_by(requests.c.id.desc()).limit(1))
            handle = rows.scalar_one()
        return self.workspace.tokens.token(Purpose.CONFIRM, handle=handle)

    def press(self, token: str, choice: str = "") -> Confirmation:
        """Presses the button on the page of a confirm link."""
        answer = self.confirming.confirm(token, ip="192.0.2.7", choice=choice)
        assert answer is not None
        return answer

    def look(self, token: str) -> Confirmation:
        """Opens the page of a confirm link."""
        answer = self.confirming.look(token)
        assert answer is not None
        return answer
