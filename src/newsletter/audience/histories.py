"""Ledgers that people bring with them from another database of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from newsletter.audience.arrivals import HistoryLine
from newsletter.storage.schema import consents


def new_history_lines(
    connection: Connection, histories: Sequence[tuple[int, Sequence[HistoryLine]]]
) -> Iterator[tuple[int, HistoryLine]]:
    """Those lines that the ledger does not hold yet, each with the subscriber's id.

    So a list that is imported twice tells nothing twice.
    """
    if not histories:
        return
    columns = (consents.c.subscriber_id, consents.c.topic_id, consents.c.status)
    rows = connection.execute(
        select(*columns, consents.c.at, consents.c.source).where(
            consents.c.subscriber_id.in_([subscriber_id for subscriber_id, _ in histories])
        )
    )
    there = {tuple(row) for row in rows}
    for subscriber_id, lines in histories:
        for line in lines:
            if (subscriber_id, line.topic_id, line.status, line.at, line.source) not in there:
                yield subscriber_id, line
