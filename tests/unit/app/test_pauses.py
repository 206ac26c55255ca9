"""Pauses that are over are ended wherever people are counted or mailed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.app import edition_run, edition_status
from newsletter.app.edition_sheet.record import read_record
from newsletter.app.pauses import end_pauses
from newsletter.app.segmenting import count_segment
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.audience import pausing, subscribers
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.transports import open_first
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.engine import reading, writing
from tests.workspaces import PEOPLE, SHORT, TOPIC, Clock, a_workspace, ready_to_send

SOMEBODY = "angharad@example.org"
A_MONTH = timedelta(days=30)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """An edition is approved, and one of the twelve pauses for a month."""
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        ready_to_send(workspace)
        with writing(workspace.engine) as connection:
            person = subscribers.subscriber(connection, SOMEBODY)
            pausing.pause(connection, person.id, clock() + A_MONTH, at=clock())
        yield workspace


def expected(workspace: Workspace) -> int:
    return edition_status.status(workspace, SHORT).expected


def counted(workspace: Workspace) -> int:
    return count_segment(workspace, "language in (en, cy)", TOPIC).count


def on_the_sheet(workspace: Workspace) -> int:
    return read_record(workspace, SHORT).readers.all


def ended(workspace: Workspace) -> int:
    end_pauses(workspace)
    with reading(workspace.engine) as connection:
        person = subscribers.subscriber(connection, SOMEBODY)
        (had,) = subscribers.subscriptions_of(connection, person.id)
    return PEOPLE if had.status is SubscriptionStatus.ACTIVE else PEOPLE - 1


@pytest.mark.parametrize("count", [expected, counted, on_the_sheet, ended])
def test_everybody_is_counted_again_when_the_pause_is_over_and_not_before(
    workspace: Workspace, clock: Clock, count: Callable[[Workspace], int]
) -> None:
    clock.at += A_MONTH - timedelta(seconds=1)
    while_pausing = count(workspace)
    clock.move(seconds=1)

    assert (while_pausing, count(workspace)) == (PEOPLE - 1, PEOPLE)


def test_the_audience_is_frozen_as_it_was_counted(workspace: Workspace, clock: Clock) -> None:
    clock.at += A_MONTH
    before = expected(workspace)

    Sender(workspace, "test").run(SHORT)

    standing = edition_status.status(workspace, SHORT)
    assert before == standing.expected == standing.audience == PEOPLE


def test_a_pause_that_ends_while_relays_are_opened_is_over_for_the_freeze(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def open_at_length(*given: Any) -> Transport:
        clock.at += A_MONTH
        return await open_first(*given)

    monkeypatch.setattr(edition_run, "open_first", open_at_length)

    Sender(workspace, "test").run(SHORT)

    assert edition_status.status(workspace, SHORT).audience == PEOPLE


def test_who_pauses_is_not_in_the_audience(workspace: Workspace) -> None:
    before = expected(workspace)

    Sender(workspace, "test").run(SHORT)

    assert before == edition_status.status(workspace, SHORT).audience == PEOPLE - 1


def test_sending_what_is_due_ends_pauses_though_nothing_is_due(
    workspace: Workspace, clock: Clock
) -> None:
    clock.at += A_MONTH

    Sender(workspace, "test").due()

    assert end_pauses(workspace) == 0
    with reading(workspace.engine) as connection:
        person = subscribers.subscriber(connection, SOMEBODY)
        (had,) = subscribers.subscriptions_of(connection, person.id)
        last = subscribers.consents_of(connection, person.id)[-1]
    assert had.status is SubscriptionStatus.ACTIVE
    assert (last.source, last.actor) == ("pause over", "pause over")
