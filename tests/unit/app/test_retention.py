"""Letting go of what is past its time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from newsletter.app.edition_status import status
from newsletter.app.retention import Due, Kind, let_go, what_is_due
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, consents, deliveries, subscribers, subscriptions
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, ready_to_send


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """A list with an edition that went out, two who have not confirmed, and rejected rows."""
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        Sender(workspace, "test").run(ready_to_send(workspace))
        with writing(workspace.engine) as connection:
            connection.execute(update(consents).values(ip="192.0.2.1"))
            two = select(subscribers.c.id).order_by(subscribers.c.id).limit(2)
            connection.execute(
                update(subscriptions)
                .where(subscriptions.c.subscriber_id.in_(two))
                .values(status="pending")
            )
        folder = workspace.settings.data_folder / "imports"
        folder.mkdir(exist_ok=True)
        file = folder / "list.rejected.csv"
        file.write_text("row,reason,email\r\n2,why,nobody\r\n", encoding="utf-8")
        os.utime(file, (clock().timestamp(), clock().timestamp()))
        yield workspace


def run(workspace: Workspace) -> dict[Kind, int]:
    return numbers(let_go(workspace, actor="cron", pause=lambda _seconds: None))


def numbers(due: list[Due]) -> dict[Kind, int]:
    return {one.kind: one.number for one in due if one.number}


def totals_of(workspace: Workspace) -> dict[str, object]:
    return status(workspace, SHORT).as_json()


def count(workspace: Workspace, table_column: object) -> int:
    with reading(workspace.engine) as connection:
        return connection.execute(select(func.count(table_column))).scalar_one()  # type: ignore[arg-type]


def test_nothing_goes_before_its_time(workspace: Workspace, clock: Clock) -> None:
    clock.move(days=29)

    assert numbers(what_is_due(workspace)) == run(workspace) == {}

    with reading(workspace.engine) as connection:
        assert connection.execute(select(audit).where(audit.c.action == "retention")).all() == []


def test_each_kind_goes_when_its_days_are_over(workspace: Workspace, clock: Clock) -> None:
    """L6: with the documented defaults; whom a delivery names stays as long as it."""
    seen = []
    for days in (31, 60, 306):
        clock.move(days=days)
        seen.append(run(workspace))

    assert seen == [
        {Kind.UNCONFIRMED: 2, Kind.REJECTED_ROWS: 1},
        {Kind.IPS: PEOPLE},
        {Kind.DELIVERIES: PEOPLE, Kind.PEOPLE: 2},
    ]
    assert count(workspace, subscribers.c.id) == PEOPLE - 2
    assert count(workspace, consents.c.ip) == 0


def test_the_status_of_an_edition_stays_the_same_for_ever(
    workspace: Workspace, clock: Clock
) -> None:
    before = totals_of(workspace)
    clock.move(days=400)

    run(workspace)

    assert count(workspace, deliveries.c.id) == 0
    assert totals_of(workspace) == before


def test_a_dry_run_says_what_a_real_one_does_and_changes_nothing(
    workspace: Workspace, clock: Clock
) -> None:
    clock.move(days=400)

    planned = what_is_due(workspace)

    assert what_is_due(workspace) == planned
    assert numbers(planned) == run(workspace)
    assert numbers(what_is_due(workspace)) == {}
    (rows, *_) = planned
    assert (rows.kind, rows.before) == (Kind.DELIVERIES, clock() - timedelta(days=396))
    assert rows.oldest is not None
    assert rows.newest is not None
    assert rows.oldest <= rows.newest < rows.before


def test_the_days_are_a_setting(tmp_path: Path, clock: Clock) -> None:
    with a_workspace(tmp_path / "workspace", clock=clock):
        pass
    file = tmp_path / "workspace" / "newsletter.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[retention]\nips = 1\n", "utf-8")

    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        due = {one.kind: one.before for one in what_is_due(workspace)}

    assert due[Kind.IPS] == clock() - timedelta(days=1)
    assert due[Kind.PEOPLE] == clock() - timedelta(days=30)


def test_a_run_is_audited_and_told_slice_by_slice(workspace: Workspace, clock: Clock) -> None:
    """X15"""
    clock.move(days=91)
    told: list[tuple[int, int]] = []
    pauses: list[float] = []

    let_go(
        workspace,
        actor="cron",
        progress=lambda done, total: told.append((done, total)),
        pause=pauses.append,
    )

    assert told[-1] == (PEOPLE + 3, PEOPLE + 3)
    assert len(pauses) == len(told)
    with reading(workspace.engine) as connection:
        row = connection.execute(select(audit).where(audit.c.action == "retention")).one()
    assert (row.actor, row.detail) == ("cron", f"ips {PEOPLE}, unconfirmed 2, rejected_rows 1")


def test_a_run_that_was_broken_off_goes_on(workspace: Workspace, clock: Clock) -> None:
    clock.move(days=400)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        let_go(workspace, actor="cron", progress=stop, pause=lambda _seconds: None)
    before = totals_of(workspace)

    assert run(workspace) == {
        Kind.IPS: PEOPLE,
        Kind.UNCONFIRMED: 2,
        Kind.REJECTED_ROWS: 1,
    }
    assert totals_of(workspace) == before
