"""The report for a postmaster: what became of an edition, by receiver, by code and by relay, and
how the rates stand that receivers judge us by (A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.workspace import Workspace
from newsletter.dispatch.lanes.store import LaneNow, lanes_now
from newsletter.dispatch.ports import SMTP
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.reporting import attempts
from newsletter.reporting.answers import CodeFigures, by_code
from newsletter.reporting.attempts import RelayFigures, Waits
from newsletter.reporting.examples import example_words
from newsletter.reporting.figures import Figures, Standing, together
from newsletter.reporting.rates import Concern, concerns
from newsletter.reporting.receiver_lines import ReceiverLine, receiver_lines
from newsletter.reporting.recent import recent_editions, splits
from newsletter.reporting.split import Split
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class PostmasterReport:
    """How an edition stands `at` a moment, while it is being sent or after.

    `receivers` are the biggest, `others` the rest of them as one line, None when there is no rest.
    `recent` is all mail of the editions of the last 30 days. `words` has an example of what a
    server said, made safe, for each of `codes` of which one is kept; it is empty unless asked for.
    `waits` is None when nothing was accepted. `lanes` are the ways to relays and receivers that are
    closed or slowed down, whatever edition that came of.
    """

    edition: StoredEdition
    at: datetime
    split: Split
    receivers: Sequence[ReceiverLine]
    others: ReceiverLine | None
    recent: Figures
    codes: Sequence[CodeFigures]
    words: Mapping[int, str]
    relays: Sequence[RelayFigures]
    waits: Waits | None
    lanes: Sequence[LaneNow]
    concerns: Sequence[Concern]


def report(
    workspace: Workspace, slug: str, *, receivers: int, with_words: bool = False
) -> PostmasterReport:
    """Reports on the edition, naming so many `receivers`; `with_words` gives examples of the
    servers' words.

    All figures are of one moment. Raises BadInput when there is no such edition.
    """
    with reading(workspace.engine) as connection:
        return _report(connection, workspace.now(), slug, receivers, with_words=with_words)


def _report(
    connection: Connection, now: datetime, slug: str, receivers: int, *, with_words: bool
) -> PostmasterReport:
    stored = store.edition(connection, slug)
    mine, recent = _figures(connection, stored.id, now)
    named, others = receiver_lines(mine.receivers, recent.receivers, receivers)
    codes = by_code(mine.answers)
    return PostmasterReport(
        edition=stored,
        at=now,
        split=mine,
        receivers=named,
        others=others,
        recent=recent.total,
        codes=codes,
        words=example_words(connection, [one.example for one in codes]) if with_words else {},
        relays=attempts.by_relay(connection, stored.id),
        waits=attempts.waits(connection, stored.id, mine.at_once),
        lanes=lanes_now(connection, now),
        concerns=concerns(mine.standing, recent),
    )


def _figures(connection: Connection, edition_id: int, now: datetime) -> tuple[Split, Standing]:
    """Those of the edition, and those of all recent ones together."""
    recent = recent_editions(connection, now, SMTP)
    found = splits(connection, {edition_id, *recent}, SMTP)
    return found[edition_id], together([found[each].standing for each in recent])
