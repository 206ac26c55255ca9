"""What each refusal of a real server comes to for all readers of an edition, stated before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.app import edition_status, going_on
from newsletter.app.sending import Sender
from newsletter.app.why_held import WhyHeld
from newsletter.app.workspace import Workspace
from newsletter.dispatch.listed_deliveries import deliveries_in
from newsletter.domain.bounces import Verdict
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import HeldReason
from newsletter.domain.people import SuppressionReason
from newsletter.editions import store
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import subscribers, suppressions
from tests.sending_rows import add_reader
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, ready_to_send

FAILED, DEFERRED = DeliveryState.FAILED, DeliveryState.DEFERRED
HARD, SOFT, OURS = Verdict.HARD, Verdict.SOFT, Verdict.OURS

REFUSALS = [
    # What is said to each recipient, what their deliveries come to, and whose fault it is.
    ("550 5.1.1 No such user", FAILED, HARD),
    ("550 4.1.1 Not here", FAILED, SOFT),  # a wrong class: the basic code is believed
    ("450 5.7.1 Not now", DEFERRED, SOFT),
    ("421 4.3.2 Closing", DEFERRED, SOFT),
    ("452 4.5.3 Too many recipients", DEFERRED, SOFT),
    ("552 Too many recipients", DEFERRED, SOFT),
    ("Hello?", DEFERRED, None),
]


def _send_with_all_refused(workspace: Workspace, server: RecordingServer, refusal: str) -> None:
    with reading(workspace.engine) as connection:
        server.refused = frozenset(connection.execute(select(subscribers.c.address)).scalars())
    server.refusal = refusal
    Sender(workspace, "test").run(SHORT)


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as workspace:
        ready_to_send(workspace)
        yield workspace


@pytest.mark.parametrize(("refusal", "state", "verdict"), REFUSALS)
def test_every_refusal_has_its_outcome_and_only_hard_ones_suppress(
    workspace: Workspace,
    server: RecordingServer,
    refusal: str,
    state: DeliveryState,
    verdict: Verdict | None,
) -> None:
    """S1 to S3, B3."""
    _send_with_all_refused(workspace, server, refusal)

    standing = edition_status.status(workspace, SHORT)
    assert standing.counts[state] == PEOPLE
    assert _verdicts(workspace, state) <= {verdict}
    assert _suppressed(workspace) == (PEOPLE if verdict is HARD else 0)
    assert (standing.held, server.messages) == (None, [])


def test_a_fault_of_ours_costs_nobody_their_mail_and_holds_the_edition(
    workspace: Workspace, server: RecordingServer
) -> None:
    """S4: after five readers, who are not blamed."""
    _send_with_all_refused(workspace, server, "550 5.7.515 Access denied")

    standing = edition_status.status(workspace, SHORT)
    counts = {state: number for state, number in standing.counts.items() if number}
    assert counts == {DeliveryState.PENDING: PEOPLE - 5, DEFERRED: 5}
    assert standing.held == WhyHeld(HeldReason.OUR_FAULT, {"550 5.7.515": 5})
    assert _verdicts(workspace, DEFERRED) == {OURS}
    assert _suppressed(workspace) == 0


def test_a_list_of_dead_addresses_is_held_and_goes_on_when_a_person_says_so(
    workspace: Workspace, server: RecordingServer
) -> None:
    """B7: once for an edition."""
    _add_readers(workspace, 18)

    _send_with_all_refused(workspace, server, "550 5.1.1 No such user")
    held = edition_status.status(workspace, SHORT)
    going_on.resume(workspace, SHORT, actor="test")
    Sender(workspace, "test").run(SHORT)

    assert held.held is not None
    assert held.held.reason is HeldReason.HARD_BOUNCES
    assert held.held.number == held.held.answers == held.counts[FAILED]
    assert 20 <= held.counts[FAILED] < PEOPLE + 18
    assert edition_status.status(workspace, SHORT).counts[FAILED] == PEOPLE + 18


def _add_readers(workspace: Workspace, number: int) -> None:
    with writing(workspace.engine) as connection:
        for one in range(number):
            add_reader(connection, workspace.now(), 100 + one)


def _verdicts(workspace: Workspace, state: DeliveryState) -> set[Verdict | None]:
    """What is made of the answers to those in this state, of those who got one."""
    with reading(workspace.engine) as connection:
        edition_id = store.edition(connection, SHORT).id
        listed = deliveries_in(connection, edition_id, state)
    return {one.verdict for one in listed if one.code}


def _suppressed(workspace: Workspace) -> int:
    with reading(workspace.engine) as connection:
        rows = connection.execute(select(suppressions.c.reason)).scalars().all()
    assert set(rows) <= {SuppressionReason.HARD_BOUNCE}
    return len(rows)


def test_who_is_refused_for_our_fault_while_others_accept_is_told_and_so_is_their_giving_up(
    workspace: Workspace, server: RecordingServer, clock: Clock
) -> None:
    """S4: nobody learns of it too late, and who is given up counts as failed in that call."""
    with reading(workspace.engine) as connection:
        addresses = sorted(connection.execute(select(subscribers.c.address)).scalars())
    server.refused, server.refusal = frozenset(addresses[:2]), "550 5.7.1 For members only"

    first = Sender(workspace, "test").run(SHORT)
    told = edition_status.status(workspace, SHORT)
    clock.move(hours=73)
    last = Sender(workspace, "test").run(SHORT)

    assert (first.exit_code, first.tally[DEFERRED]) == (0, 2)
    assert told.refused_codes == {"550 5.7.1": 2}
    assert (last.exit_code, last.tally[FAILED]) == (1, 2)
    assert edition_status.status(workspace, SHORT).refused_codes == {}
