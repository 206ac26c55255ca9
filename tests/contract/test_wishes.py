"""Whether people still want it, asked right before it goes; and how it is known when to ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, update

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.due_deliveries import NoLongerOurs
from newsletter.dispatch.wishes import Wishes
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.change_marker import ChangeMarker
from newsletter.storage.engine import writing
from newsletter.storage.schema import deliveries
from tests.claimed_rows import CLAIMS, SENDER, add_claimed, leave


@pytest.fixture
def marker(migrated_engine: Engine) -> Iterator[ChangeMarker]:
    with ChangeMarker(migrated_engine) as marker:
        yield marker


@pytest.fixture(autouse=True)
def _people(migrated_engine: Engine) -> None:
    add_claimed(migrated_engine)


def test_a_mark_changes_when_somebody_else_commits_and_at_no_other_time(
    migrated_engine: Engine, marker: ChangeMarker
) -> None:
    before = marker.read()

    assert marker.read() == before
    leave(migrated_engine, CLAIMS[0])
    assert marker.read() != before


def test_who_leaves_while_a_message_waits_does_not_get_it(
    migrated_engine: Engine, marker: ChangeMarker
) -> None:
    """A7: effective before the next message leaves."""
    wishes = Wishes(migrated_engine, SENDER, marker, lambda: CLAIMS[1:])
    assert wishes.reason_against(CLAIMS[0]) is None

    leave(migrated_engine, CLAIMS[1])

    assert wishes.reason_against(CLAIMS[1]) == "unsubscribed"
    assert wishes.reason_against(CLAIMS[2]) is None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Whom the database was asked for."""
    asked: list[int] = []
    ask = Wishes._ask

    def note(wishes: Wishes, claim: Claim) -> None:
        asked.append(claim.delivery_id)
        ask(wishes, claim)

    monkeypatch.setattr(Wishes, "_ask", note)
    return asked


def test_the_database_is_asked_once_for_all_that_wait_while_nobody_changes_it(
    migrated_engine: Engine, marker: ChangeMarker, asked: list[int]
) -> None:
    wishes = Wishes(migrated_engine, SENDER, marker, lambda: CLAIMS[1:3])

    assert [wishes.reason_against(claim) for claim in CLAIMS[:3]] == [None] * 3

    assert asked == [1]


def test_whoever_overtakes_those_that_wait_in_front_is_not_asked_about_one_by_one(
    migrated_engine: Engine, marker: ChangeMarker, asked: list[int]
) -> None:
    """Those may wait for a receiver that takes few at once."""
    in_front, others = CLAIMS[:30], CLAIMS[30:]
    waiting = list(CLAIMS)
    wishes = Wishes(migrated_engine, SENDER, marker, lambda: waiting)

    for claim in others:
        waiting.remove(claim)
        assert wishes.reason_against(claim) is None

    assert waiting == in_front
    assert len(asked) == 3


def test_what_somebody_else_has_decided_about_is_not_sent(
    migrated_engine: Engine, marker: ChangeMarker
) -> None:
    """The sender was taken for dead, and its deliveries were given up."""
    wishes = Wishes(migrated_engine, SENDER, marker, lambda: CLAIMS[1:])
    wishes.reason_against(CLAIMS[0])

    with writing(migrated_engine) as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == 2).values(state="unknown"))

    with pytest.raises(NoLongerOurs):
        wishes.reason_against(CLAIMS[1])


def test_a_database_that_does_not_answer_is_told_in_plain_words(
    postgresql_engine: Engine, marker: ChangeMarker
) -> None:
    with ChangeMarker(postgresql_engine) as cut_off:
        with postgresql_engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND application_name = 'newsletter'"
            )

        with pytest.raises(SurroundingsFailed, match="does not answer any more"):
            cut_off.read()
