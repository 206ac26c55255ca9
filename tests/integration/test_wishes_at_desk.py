"""Turns at SQLite's ledger tell what people wish as well: nobody is asked about in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, update

from newsletter.dispatch.claims import Claim, ClaimedBatch
from newsletter.dispatch.turns import Answer, Turn
from newsletter.dispatch.wishes import Wishes, WishesAtDesk
from newsletter.storage.change_marker import ChangeMarker
from newsletter.storage.engine import open_engine, writing
from newsletter.storage.schema import deliveries
from tests.claimed_rows import CLAIMS, NOW, SENDER, add_claimed, leave

ANN, BOB = CLAIMS[:2]


class DeskOfOne:
    """Takes on the same deliveries at each turn, and has done so by `single`; `meanwhile` is what
    others do."""

    def __init__(self, single: Engine, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._single = single
        self._meanwhile = meanwhile

    def take(self, turn: Turn) -> Answer:
        self._meanwhile()
        with writing(self._single) as connection:
            connection.execute(update(deliveries).values(updated_at=NOW))
        return Answer(ClaimedBatch(tuple(CLAIMS[:2]), 0), goes_on=True, lanes={})


@pytest.fixture
def single(migrated_engine: Engine) -> Iterator[Engine]:
    engine = open_engine(str(migrated_engine.url), is_single=True)
    yield engine
    engine.dispose()


WANTS = Turn(told=(), skipped={}, given_back=(), put_off={}, lanes={}, wants=2)


@pytest.fixture(autouse=True)
def _people(migrated_engine: Engine) -> None:
    add_claimed(migrated_engine)


def test_who_was_just_claimed_need_not_be_asked_about(
    migrated_engine: Engine, single: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim is made with a look at what its person wishes, and our own turns change nothing."""
    asked: list[Claim] = []
    monkeypatch.setattr(Wishes, "_ask", lambda _, claim: asked.append(claim))
    with ChangeMarker(single) as marker:
        wishes = Wishes(migrated_engine, SENDER, marker, lambda: [BOB])
        desk = WishesAtDesk(DeskOfOne(single), wishes)

        desk.take(WANTS)
        desk.take(WANTS)

        assert [wishes.reason_against(claim) for claim in CLAIMS[:2]] == [None] * 2
    assert not asked


@pytest.mark.parametrize("is_before_the_claim", [True, False])
def test_who_leaves_about_the_time_of_a_claim_is_asked_about(
    migrated_engine: Engine, single: Engine, *, is_before_the_claim: bool
) -> None:
    """A7."""
    bob_leaves = lambda: leave(migrated_engine, BOB)  # noqa: E731 - at one of two times
    with ChangeMarker(single) as marker:
        wishes = Wishes(migrated_engine, SENDER, marker, lambda: [BOB])
        desk = WishesAtDesk(DeskOfOne(single, bob_leaves if is_before_the_claim else int), wishes)

        desk.take(WANTS)
        if not is_before_the_claim:
            bob_leaves()

        assert wishes.reason_against(ANN) is None
        assert wishes.reason_against(BOB) == "unsubscribed"
