"""Whether an edition may be sent now: by a person, by the clock, by this transport."""

from __future__ import annotations

from datetime import datetime

from newsletter.app.edition_status import status
from newsletter.app.source_check import check_source
from newsletter.app.workspace import Workspace
from newsletter.dispatch.ports import SMTP
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import Refused, SurroundingsFailed
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.editions.times import said
from newsletter.storage.engine import reading


def check_can_run(workspace: Workspace, slug: str, *, as_imported: bool) -> StoredEdition:
    """The edition, when `send run` may start it or go on with it; raises Refused when not, and
    SurroundingsFailed on a copy of the database."""
    workspace.live_copy.require_live()
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
    may_run(stored, workspace.now())
    if stored.state is EditionState.SENDING:
        return stored
    check_source(stored, as_imported=as_imported)
    if not status(workspace, slug).expected:
        raise Refused(
            f"nobody gets edition {slug}: nobody active in {stored.topic} is in its audience",
            cure="Bring people in with `newsletter subscribers import` or `add`, or look at its"
            " segment with `newsletter segments count`.",
        )
    return stored


def may_run(stored: StoredEdition, now: datetime) -> bool:
    """Whether a person may send the edition now; raises Refused, in words, when not."""
    if stored.state is not EditionState.SENDING:
        check_step(Step.START, stored.slug, stored.state)
        _check_time(stored, now)
    return True


def check_transport(used: frozenset[str], name: str, slug: str) -> None:
    """One edition leaves by one way: what lies in the outbox reached nobody.

    Raises Refused or SurroundingsFailed, naming the way out, when another one was `used`.
    """
    if used <= {name}:
        return
    if SMTP in used:
        raise SurroundingsFailed(
            f"edition {slug} was begun through a mail server, and no relay is set now",
            cure="Set relay.url as it was (NEWSLETTER_RELAY_URL), then run it again.",
        )
    raise Refused(
        f"a part of edition {slug} is in the outbox and reached nobody",
        cure=f"Run `newsletter send reset {slug}` first: then all of it goes by the relay.",
    )


def _check_time(stored: StoredEdition, now: datetime) -> None:
    if stored.scheduled_at is not None and stored.scheduled_at > now:
        raise Refused(
            f"edition {stored.slug} is scheduled for "
            + said(stored.scheduled_at, stored.scheduled_zone or "UTC"),
            cure="Leave it to `newsletter send due`, or first run"
            f" `newsletter edition unschedule {stored.slug}`.",
        )
