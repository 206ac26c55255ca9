"""Lists of the same people that come in, one after the other, in whatever order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, select

from newsletter.app.imports.listed_arrivals import ListTerms, to_text
from newsletter.app.list_files.listed_people import ListedPerson
from newsletter.audience.import_records import begin
from newsletter.audience.judging import Joined
from newsletter.audience.merging import Merger
from newsletter.audience.topics import add_topic
from newsletter.domain.people import Basis, SubscriptionStatus
from newsletter.storage.engine import rehearsing
from newsletter.storage.schema import (
    consents,
    subscribers,
    subscriptions,
    suppressions,
)
from tests.builders import some_seals
from tests.list_rows import read_list
from tests.mailchimp_lists import EXPORTS, MailchimpRow, mailchimp_export

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
LEFT = SubscriptionStatus.UNSUBSCRIBED
ACTIVE = SubscriptionStatus.ACTIVE

PEOPLE = ("ann", "dai", "gwen", "sian")
ROWS = st.fixed_dictionaries(
    {
        "First Name": st.sampled_from(["", "Ann", "Dai"]),
        "Last Name": st.sampled_from(["", "Rees"]),
        "Language": st.sampled_from(["", "en", "cy"]),
        "County": st.sampled_from(["", "Powys", "Gwent"]),
        "UNSUB_REASON": st.sampled_from(["", "SPAM_COMPLAINT", "NORMAL"]),
        "TAGS": st.sampled_from(["", '"One","Two"']),
    }
)
EXPORT = st.dictionaries(st.sampled_from(PEOPLE), ROWS)
"""Whoever is in one export, and the cells of their row."""


@dataclass(frozen=True)
class List:
    """A database with the topic `bulletin`, for a transaction of which nothing stays."""

    connection: Connection
    topic_id: int

    def merger(self, import_id: int | None = None, at: datetime = NOW) -> Merger:
        return Merger("mair", at, "en", some_seals(), import_id)

    def begin(self, fingerprint: str = "f") -> int:
        return begin(
            self.connection,
            topic_id=self.topic_id,
            file="list.csv",
            fingerprint=fingerprint,
            actor="mair",
            at=NOW,
        ).id

    def bring_in(self, text: str) -> list[Joined]:
        terms = ListTerms(self.topic_id, Basis.CONSENT, "a list", None, NOW)
        people = [one for one in read_list(text) if isinstance(one, ListedPerson)]
        arrivals = [terms.arrival(to_text(one)) for one in people]
        decisions = self.merger().merge(self.connection, arrivals)
        return [one.joined for one in decisions]

    def state(self) -> dict[str, Any]:
        """Everything that lists say of people: cards, statuses, suppressions."""
        people = select(
            *subscribers.c["canonical", "name", "language", "format", "attributes"],
            subscriptions.c.status,
        ).outerjoin(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        found = {row.canonical: tuple(row)[1:] for row in self.connection.execute(people)}
        suppressed = select(suppressions.c.target, suppressions.c.reason)
        return {**found, "suppressed": dict(map(tuple, self.connection.execute(suppressed)))}

    def statuses(self) -> dict[str, str | None]:
        return {who: row[-1] for who, row in self.state().items() if who != "suppressed"}

    def lines(self) -> int:
        return self.connection.execute(select(func.count()).select_from(consents)).scalar_one()


@contextmanager
def a_list(engine: Engine) -> Iterator[List]:
    with rehearsing(engine) as connection:
        its_topic = add_topic(
            connection, "bulletin", names={"en": "News"}, private=False, actor="mair", now=NOW
        )
        yield List(connection, its_topic.id)


def exports_of(audience: Mapping[str, Mapping[str, MailchimpRow]]) -> dict[str, str]:
    return {
        kind: mailchimp_export(
            kind, [{"Email Address": f"{who}@example.org", **row} for who, row in rows.items()]
        )
        for kind, rows in audience.items()
    }


def state_after(engine: Engine, lists: Sequence[str]) -> dict[str, Any]:
    with a_list(engine) as there:
        for text in lists:
            there.bring_in(text)
        return there.state()


AUDIENCES = st.fixed_dictionaries(dict.fromkeys(EXPORTS, EXPORT))
ONCE_PER_ENGINE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@ONCE_PER_ENGINE
@given(AUDIENCES)
def test_the_exports_of_an_audience_give_one_state_in_whatever_order(
    migrated_engine: Engine, audience: dict[str, dict[str, MailchimpRow]]
) -> None:
    exports = exports_of(audience)

    states = [
        state_after(migrated_engine, [exports[kind] for kind in order])
        for order in permutations(EXPORTS)
    ]

    assert all(state == states[0] for state in states)


@ONCE_PER_ENGINE
@given(AUDIENCES, st.lists(st.sampled_from(EXPORTS), max_size=5))
def test_nobody_who_has_left_is_ever_active_again_by_a_list(
    migrated_engine: Engine, audience: dict[str, dict[str, MailchimpRow]], order: list[str]
) -> None:
    """B6"""
    exports = exports_of(audience)
    with a_list(migrated_engine) as there:
        gone: set[str] = set()
        for kind in order:
            there.bring_in(exports[kind])
            now = there.statuses()

            gone |= {who for who, status in now.items() if status == LEFT}
            assert all(now[who] == LEFT for who in gone)


@ONCE_PER_ENGINE
@given(AUDIENCES, st.permutations(EXPORTS))
def test_a_list_that_comes_again_changes_nothing(
    migrated_engine: Engine, audience: dict[str, dict[str, MailchimpRow]], order: list[str]
) -> None:
    exports = exports_of(audience)
    with a_list(migrated_engine) as there:
        for kind in order:
            there.bring_in(exports[kind])
        before, lines = there.state(), there.lines()

        again = [joined for kind in order for joined in there.bring_in(exports[kind])]

        assert (there.state(), there.lines()) == (before, lines)
        assert set(again) <= {Joined.UNCHANGED, Joined.HAS_LEFT, Joined.SUPPRESSED}
