"""Sending the notices that are due: a few at a time, over one connection of their own.

They take nothing that an edition has: no lock, no journal, no share of its connections. What loads
the composer is loaded when there is something to send, since cron looks every minute.
"""

from __future__ import annotations

import asyncio

from newsletter.app.notices.reports import Allowance, NoticeReport
from newsletter.app.waiting_relays import relays_open
from newsletter.app.workspace import Workspace
from newsletter.dispatch.notices import claiming
from newsletter.storage.engine import reading, writing


def send_notices(workspace: Workspace, allowance: Allowance | None = None) -> NoticeReport:
    """Sends the notices that are due, by the first relay that lets us; gives what came of it.

    Next to nothing is done when none is due. Without a relay they wait: what lies in the outbox
    would reach nobody. Raises RelayUnreachable when no relay can be used; BadInput for a relay, a
    key or a brand that cannot be read; SurroundingsFailed on a copy of the database.
    """
    report = NoticeReport()
    with reading(workspace.engine) as connection:
        due = claiming.how_many_due(connection, workspace.now())
    if not due:
        return report
    workspace.live_copy.require_live()
    with writing(workspace.engine) as connection:
        report.expired = claiming.expire(connection, workspace.now())
    if due == report.expired:
        return report
    if not workspace.relays:
        report.without_relay = due - report.expired
        return report
    relays, report.opens_at = relays_open(workspace, workspace.relays)
    if relays:
        # Imported here: it loads the composer, and cron looks every minute.
        from newsletter.app.notices.one_round import Round

        report.opens_at = None
        asyncio.run(Round(workspace, allowance or Allowance(), report).send(relays))
    return report
