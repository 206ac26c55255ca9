"""Whatever happens to one address, in whatever order: it is never mailed more than the limits say,
never put on the list but by its own confirmation, and never brought back (T3, T12, T14, B6, L4)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from newsletter.app.erasing import erase
from newsletter.app.retention import let_go
from newsletter.audience import joining, leaving, subscribers, topics
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.domain.confirming import Stage
from newsletter.domain.errors import BadInput
from newsletter.domain.people import (
    READER,
    Basis,
    ConsentSource,
    SubscriptionStatus,
    SuppressionReason,
)
from newsletter.domain.requests import RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import open_engine, reading, writing
from newsletter.storage.schema import notices, requests
from newsletter.tokens.tokens import Purpose
from tests.asking_house import ADDRESS, BULLETIN, EVENTS, AskingHouse

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Life:
    """What happens to one address, and what has to hold after each of its steps.

    `mails` are those since it was last erased, with which the counting begins anew; `left` are the
    topics that only the person may come back to, as to all of them once they were erased.
    """

    def __init__(self, house: AskingHouse) -> None:
        self.house = house
        self.mails: list[tuple[str, datetime]] = []
        self.confirmed_at: datetime | None = None
        self.left: set[str] = set()
        self.is_erased = False
        self.is_blocked = False
        self._seen: set[int] = set()

    def step(self, name: str, number: int) -> None:
        """Takes one step and looks at what came of it."""
        before = self.active()
        may_join = STEPS[name](self, number)
        grown = self.active() - before
        assert grown <= may_join, f"{name} put the person on {grown}"
        self._look_at_mail(name)

    def active(self) -> set[str]:
        """The topics that the person gets."""
        statuses = self.house.statuses()
        return {slug for slug, one in statuses.items() if one is SubscriptionStatus.ACTIVE}

    def sign_up(self, number: int) -> set[str]:
        self.house.ask(*((BULLETIN,), (EVENTS,), (BULLETIN, EVENTS))[number % 3])
        return self._perhaps_answer(number)

    def ask_for_link(self, number: int) -> set[str]:
        self.house.ask(kind=RequestKind.MY_LINK)
        return self._perhaps_answer(number)

    def answer(self, _number: int) -> set[str]:
        self.house.answer()
        self.house.deliver()
        return set()

    def remind(self, _number: int) -> set[str]:
        self.house.remind()
        return set()

    def confirm(self, number: int) -> set[str]:
        """Presses the button of any link there ever was."""
        with reading(self.house.workspace.engine) as connection:
            query = select(requests).where(requests.c.kind == RequestKind.SIGN_UP)
            rows = connection.execute(query.order_by(requests.c.id)).all()
        if not rows:
            return set()
        row = rows[number % len(rows)]
        is_open = row.settled_at is None and row.expires_at > self.house.clock()
        token = self.house.workspace.tokens.token(Purpose.CONFIRM, handle=row.handle)
        if self.house.confirm(token) is not Stage.DONE or not is_open:
            return set()
        assert not self.is_blocked
        self.confirmed_at, self.is_erased = self.house.clock(), False
        self.left -= set(row.details["topics"])
        return set(row.details["topics"])

    def leave(self, _number: int) -> set[str]:
        with writing(self.house.workspace.engine) as connection:
            person = subscribers.find(connection, ADDRESS)
            if person is not None:
                now = self.house.clock()
                source = ConsentSource.ONE_CLICK
                leaving.leave_all(connection, person.id, source=source, actor=READER, at=now)
        left = SubscriptionStatus.UNSUBSCRIBED
        self.left |= {slug for slug, one in self.house.statuses().items() if one is left}
        return set()

    def erase(self, _number: int) -> set[str]:
        try:
            erase(self.house.workspace, ADDRESS, actor="mair")
        except BadInput:  # nothing here knows the address
            return set()
        self.mails, self.confirmed_at, self.left, self.is_erased = [], None, set(), True
        return set()

    def bring_in(self, _number: int) -> set[str]:
        """An import of the address into the bulletin."""
        with writing(self.house.workspace.engine) as connection:
            joining.add_people(
                connection,
                [Person(parse_address(ADDRESS))],
                topics.topic(connection, BULLETIN),
                Grounds(Basis.CONSENT, "import of list.csv", None, "mair", self.house.clock()),
                default_language="en",
                seals=self.house.workspace.seals,
            )
        may_join = not (self.is_erased or self.is_blocked or BULLETIN in self.left)
        return {BULLETIN} if may_join else set()

    def bounce(self, _number: int) -> set[str]:
        self.house.suppress(SuppressionReason.HARD_BOUNCE)
        return set()

    def block(self, number: int) -> set[str]:
        with reading(self.house.workspace.engine) as connection:
            handles = connection.execute(select(requests.c.handle)).scalars().all()
        if handles:
            handle = handles[number % len(handles)]
            token = self.house.workspace.tokens.token(Purpose.CONFIRM, handle=handle)
            self.house.desk.block(token)
            self.is_blocked = True
        return set()

    def wait(self, number: int) -> set[str]:
        self.house.clock.move(hours=(1, 5, 24, 24, 170, 800)[number % 6])
        return set()

    def let_go(self, _number: int) -> set[str]:
        let_go(self.house.workspace, actor="cron", pause=lambda _seconds: None)
        return set()

    def _perhaps_answer(self, number: int) -> set[str]:
        return set() if number % 4 == 0 else self.answer(number)

    def _look_at_mail(self, step: str) -> None:
        now = self.house.clock()
        with reading(self.house.workspace.engine) as connection:
            rows = connection.execute(select(notices)).all()
        kinds = [row.kind for row in rows if row.handle not in self._seen]
        self._seen |= {row.handle for row in rows}
        assert not (self.is_blocked and kinds), f"{step} mailed somebody who wants no mail"
        self.mails += [(kind, now) for kind in kinds]
        to_confirm = [at for kind, at in self.mails if kind in ("confirm", "reminder")]
        links = [at for kind, at in self.mails if kind in ("my-link", "on-list")]
        since = self.confirmed_at or datetime.min.replace(tzinfo=now.tzinfo)
        assert sum(at > now - DAY for at in to_confirm) <= 1
        assert sum(at > max(now - 30 * DAY, since) for at in to_confirm) <= 3
        assert sum(at > now - HOUR for at in links) <= 1
        assert sum(at > now - DAY for at in links) <= 3


STEPS: Mapping[str, Callable[[Life, int], set[str]]] = {
    "sign up": Life.sign_up,
    "ask for the link": Life.ask_for_link,
    "answer": Life.answer,
    "remind": Life.remind,
    "confirm": Life.confirm,
    "leave": Life.leave,
    "erase": Life.erase,
    "import": Life.bring_in,
    "bounce": Life.bounce,
    "block": Life.block,
    "wait": Life.wait,
    "retention": Life.let_go,
}
# What happens often is drawn more often: else little would ever be confirmed.
_NAMES = [*STEPS, *("sign up", "confirm", "ask for the link") * 3, *("wait", "import") * 2]


@pytest.fixture(scope="module")
def template(_migrated_file: Path) -> Path:
    """A migrated database to begin each life with."""
    return _migrated_file


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(
    steps=st.lists(st.tuples(st.sampled_from(_NAMES), st.integers(0, 59)), min_size=15, max_size=25)
)
def test_no_sequence_of_events_mails_too_much_or_brings_anybody_back(
    template: Path, steps: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "newsletter.db"
        shutil.copy(template, file)
        engine = open_engine(f"sqlite:///{file}")
        life = Life(AskingHouse(Path(folder), engine))

        for name, number in steps:
            life.step(name, number)

        engine.dispose()
