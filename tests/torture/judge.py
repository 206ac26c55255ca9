"""The verdict on one edition: the receiver's log against what our ledger says."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.torture.receiver_log import Entry


class Row(NamedTuple):
    """A delivery of the edition, as the database has it."""

    address: str
    state: str
    sender: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the people of one edition, or of several.

    `missing`: who did not get it and of whom nobody would know; `doubled`: who got it more than
    once; `doubted`: how many the ledger calls unknown, `doubted_at_once` the most of them that one
    sender left behind, `received` how many of them had got it. `faults` are what else is wrong.
    """

    people: int = 0
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    doubted: int = 0
    doubted_at_once: int = 0
    received: int = 0
    faults: tuple[str, ...] = ()

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.people + other.people,
            self.missing + other.missing,
            self.doubled + other.doubled,
            self.doubted + other.doubted,
            max(self.doubted_at_once, other.doubted_at_once),
            self.received + other.received,
            self.faults + other.faults,
        )


def read_rows(database: Path) -> list[Row]:
    """All deliveries in `database`, which knows of one edition."""
    query = """
        SELECT subscribers.canonical, deliveries.state, deliveries.sender_id
        FROM deliveries LEFT JOIN subscribers ON subscribers.id = deliveries.subscriber_id
    """
    return [Row(*row) for row in _ask(database, query)]


def edition_state(database: Path) -> str:
    """The state of that edition."""
    return str(_ask(database, "SELECT state FROM editions")[0][0])


def judge(database: Path, people: Sequence[str], log: Sequence[Entry]) -> Verdict:
    """The verdict on the only edition in `database`, which was for `people`."""
    faults = [str(line) for (line,) in _ask(database, "PRAGMA integrity_check") if line != "ok"]
    state = edition_state(database)
    if state != "complete":
        faults.append(f"the edition is {state} and not complete")
    return compare(read_rows(database), people, log) + Verdict(faults=tuple(faults))


def _ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def compare(rows: Sequence[Row], people: Sequence[str], log: Sequence[Entry]) -> Verdict:
    """The verdict on these rows, by what was received."""
    times = Counter(entry.recipient for entry in log)
    unknown = [row for row in rows if row.state == "unknown"]
    by_sender = Counter(row.sender for row in unknown)
    return Verdict(
        people=len(people),
        missing=tuple(_missing(rows, people, times)),
        doubled=tuple(sorted(_doubled(log, times))),
        doubted=len(unknown),
        doubted_at_once=max(by_sender.values(), default=0),
        received=sum(row.address in times for row in unknown),
        faults=tuple(_faults(rows, people, times)),
    )


def _missing(rows: Sequence[Row], people: Iterable[str], times: Counter[str]) -> Iterable[str]:
    """Who is told nothing of: not in the ledger, accepted without having got it, or left over."""
    states = {row.address: row.state for row in rows}
    for address in people:
        state = states.get(address)
        if state == "unknown" or (state == "accepted" and address in times):
            continue
        yield f"{address} ({state}, received {times[address]} times)"


def _doubled(log: Sequence[Entry], times: Counter[str]) -> set[str]:
    ids = Counter(entry.message_id for entry in log)
    return {
        entry.recipient for entry in log if times[entry.recipient] > 1 or ids[entry.message_id] > 1
    }


def _faults(rows: Sequence[Row], people: Sequence[str], times: Counter[str]) -> Iterable[str]:
    if len(rows) != len(people):
        yield f"{len(rows)} rows for {len(people)} people"
    strangers = set(times) - set(people)
    if strangers:
        yield f"{len(strangers)} strangers were written to"
