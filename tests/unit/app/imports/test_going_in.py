"""People who go in slice by slice, in spite of others, of full disks and of what they bring."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, func, select

from newsletter.app.imports.going_in import GoingIn
from newsletter.app.imports.pace import Pace
from newsletter.app.imports.tally import Tally
from newsletter.app.imports.waiting_room import Waiting, WaitingRoom, waiting_room
from newsletter.app.list_files.listed_people import Rejected
from newsletter.app.progress import NoProgress
from newsletter.audience import import_records
from newsletter.audience.arrivals import Arrival, Facts, Wish
from newsletter.audience.import_records import ImportRecord
from newsletter.audience.judging import Decision
from newsletter.audience.merging import Judged, Merger
from newsletter.audience.topics import add_topic
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import Basis, SubscriptionStatus
from newsletter.storage.engine import open_engine, writing
from newsletter.storage.schema import audit, consents, imports, subscribers
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
PEOPLE = 250


class FullRoom(WaitingRoom):
    """A room whose disk fails while people leave it."""

    def __init__(self, room: WaitingRoom) -> None:
        self._room = room

    def __len__(self) -> int:
        return len(self._room)

    def in_order(self) -> Iterator[tuple[Waiting, bool]]:
        for number, waiting in enumerate(self._room.in_order()):
            if number == 120:
                raise sqlite3.OperationalError("disk I/O error")
            yield waiting


class InterruptedMerger(Merger):
    """A merger in whose way something comes, between its reading and its writing."""

    between: Callable[[], object] = staticmethod(lambda: None)

    def judge(self, connection: Connection, arrivals: Sequence[Arrival]) -> Judged:
        judged = super().judge(connection, arrivals)
        self.between()
        return judged


class List:
    """A list of people on its way into a database."""

    def __init__(self, engine: Engine, room: WaitingRoom) -> None:
        self.engine = engine
        self.room = room
        self.tally = Tally()
        with writing(engine) as connection:
            self.topic = add_topic(
                connection, "t", names={"en": "T"}, private=False, actor="m", now=NOW
            )
        for number in range(PEOPLE):
            address = f"p{number:03d}@example.org"
            room.add(Waiting(address, 0, number, address))

    def arrival(self, payload: str) -> Arrival:
        if payload == "nobody":
            raise Rejected("the record is empty")
        wish = Wish(self.topic.id, SubscriptionStatus.ACTIVE, Basis.CONSENT, NOW, "a list")
        return Arrival(payload, payload, Facts(), (wish,))

    def go_in(self, merger: Merger, record: ImportRecord) -> None:
        self.tally = Tally()
        pace = Pace(rest=lambda _: None)
        going = GoingIn(self.engine, self.room, self.arrival, self.tally, NoProgress(), pace)
        going.go_in(record, merger, lambda: NOW)

    def record(self) -> ImportRecord:
        with writing(self.engine) as connection:
            return import_records.begin(
                connection,
                topic_id=self.topic.id,
                file="list.csv",
                fingerprint="f",
                actor="mair",
                at=NOW,
            )

    def count(self, table: object) -> int:
        with writing(self.engine) as connection:
            query = select(func.count()).select_from(table)  # type: ignore[arg-type]
            return connection.execute(query).scalar_one()


@pytest.fixture
def room() -> Iterator[WaitingRoom]:
    with waiting_room() as room:
        yield room


def merger(record: ImportRecord, kind: type[Merger] = Merger) -> Merger:
    return kind("mair", NOW, "en", some_seals(), record.id)


def test_whatever_others_write_meanwhile_nobody_is_lost(
    migrated_engine: Engine, room: WaitingRoom
) -> None:
    """Somebody writes between each reading and writing, until the import takes the lock first."""
    going = List(migrated_engine, room)
    record = going.record()
    beside = open_engine(f"sqlite:///{migrated_engine.url.database}", busy_timeout=0.01)
    writes = []

    def between() -> None:
        with writing(beside) as connection:
            connection.execute(imports.update().values(actor="somebody"))
            writes.append(1)

    interrupted = merger(record, InterruptedMerger)
    interrupted.between = lambda: len(writes) < 4 and between()  # type: ignore[attr-defined]
    going.go_in(interrupted, record)
    beside.dispose()

    assert len(writes) == 4
    assert going.tally.all_counts()["added"] == PEOPLE
    assert going.count(subscribers) == going.count(consents) == PEOPLE


def test_a_disk_that_fails_meanwhile_says_how_it_goes_on(
    migrated_engine: Engine, room: WaitingRoom
) -> None:
    going = List(migrated_engine, room)
    record = going.record()
    going.room = FullRoom(room)

    with pytest.raises(SurroundingsFailed, match=r"import 1 was broken off: .* TMPDIR") as told:
        going.go_in(merger(record), record)
    going.room = room
    going.go_in(merger(record), going.record())

    assert "it goes on from there" in str(told.value.cure)
    assert going.tally.all_counts()["added"] == PEOPLE
    assert going.count(subscribers) == going.count(consents) == PEOPLE
    assert going.count(audit.select().where(audit.c.action == "subscribers import").subquery()) == 1


def test_totals_of_an_import_that_goes_on_have_who_was_rejected_before(
    migrated_engine: Engine, room: WaitingRoom
) -> None:
    going = List(migrated_engine, room)
    room.add(Waiting("a@example.org", 0, 900, "nobody"))
    record = going.record()
    going.room = FullRoom(room)
    with pytest.raises(SurroundingsFailed):
        going.go_in(merger(record), record)
    going.room = room

    going.go_in(merger(record), going.record())

    counts = going.tally.all_counts()
    assert (counts["added"], counts["rejected"]) == (PEOPLE, 1)


def test_an_import_that_has_to_begin_anew_counts_everybody_once(
    migrated_engine: Engine, room: WaitingRoom
) -> None:
    """The one at whom it stopped was erased, and with them the place."""
    going = List(migrated_engine, room)
    record = going.record()
    going.room = FullRoom(room)
    with pytest.raises(SurroundingsFailed):
        going.go_in(merger(record), record)
    with writing(migrated_engine) as connection:
        connection.execute(imports.update().values(position=None))
    going.room = room

    going.go_in(merger(record), going.record())

    assert sum(going.tally.all_counts().values()) == PEOPLE
    assert going.count(consents) == PEOPLE


def test_ctrl_c_breaks_it_off_in_plain_words(migrated_engine: Engine, room: WaitingRoom) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    going = List(migrated_engine, room)
    record = going.record()
    interrupted = merger(record, InterruptedMerger)
    interrupted.between = interrupt  # type: ignore[attr-defined]

    with pytest.raises(SurroundingsFailed, match="import 1 was broken off: it was interrupted"):
        going.go_in(interrupted, record)


def test_a_decision_is_counted_as_what_a_person_would_call_it() -> None:
    tally = Tally()

    for decision in [Decision(joined) for joined in ("added", "has left", "suppressed")]:  # type: ignore[arg-type]
        tally.decided(2, "ann@example.org", decision)

    assert tally.all_counts() == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "skipped": 2,
        "rejected": 0,
    }
