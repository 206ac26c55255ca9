"""Adopting a copy of the database: what waits for a person then, and what nobody knows any more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter.app import approving, going_on
from newsletter.app.adopting import Adoption, adopt
from newsletter.app.audited_steps import hold, take_step
from newsletter.app.edition_audience import EditionAudience
from newsletter.app.freezing import freeze_audience
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.dispatch import senders, totals
from newsletter.dispatch.journal import Journal
from newsletter.domain.deliveries import DeliveryState, Outcome
from newsletter.domain.editions import EditionState, HeldReason
from newsletter.domain.errors import Refused, SurroundingsFailed
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.lifecycle import Step
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, deliveries
from newsletter.storage.schema import senders as senders_table
from tests.workspaces import PEOPLE, SHORT, TOPIC, a_workspace, ready_to_send


@pytest.fixture
def original(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with an approved edition, of which a copy is made."""
    with a_workspace(tmp_path / "original") as workspace:
        ready_to_send(workspace)
        yield workspace


def copied(original: Workspace) -> AbstractContextManager[Workspace]:
    """What `cp -r` makes of it, opened."""
    folder = original.settings.folder
    shutil.copytree(folder, folder.with_name("copy"))
    return a_workspace(folder.with_name("copy"))


def edition(workspace: Workspace) -> StoredEdition:
    with reading(workspace.engine) as connection:
        return store.edition(connection, SHORT)


def counts(workspace: Workspace) -> dict[str, int]:
    with reading(workspace.engine) as connection:
        found = totals.counts(connection, store.edition(connection, SHORT).id)
    return {state.value: number for state, number in found.items() if number}


def start(workspace: Workspace) -> None:
    """The edition is being sent, and nobody has been written to yet."""
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, SHORT)
        take_step(connection, stored, Step.START, actor="test", at=workspace.now())
        topic_id = topic(connection, TOPIC).id
        freeze_audience(connection, stored, EditionAudience(topic_id, ("en", "cy"), None))


def take_on(workspace: Workspace, number: int, journal: str) -> list[int]:
    """A sender takes some on, and is not heard of again; gives their ids."""
    with writing(workspace.engine) as connection:
        sender_id = senders.register(connection, journal, workspace.now())
        ids = connection.execute(
            select(deliveries.c.id).where(deliveries.c.state == "pending").limit(number)
        ).scalars()
        taken = list(ids)
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(taken))
            .values(state="sending", sender_id=sender_id, attempts=1, transport="smtp")
        )
    return taken


def audited(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    columns = audit.c["actor", "action", "subject", "detail"]
    with reading(workspace.engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(audit.c.id))]


def test_a_database_that_is_live_stays_as_it_is(original: Workspace) -> None:
    approving.schedule(original, SHORT, "now", actor="test")
    before = audited(original)

    done = adopt(original, actor="Mared")

    assert done == Adoption(was_live=True, held=(), approved=())
    assert edition(original).state is EditionState.SCHEDULED
    assert audited(original) == before


def test_nothing_is_sent_from_a_copy_before_and_its_editions_wait_after(
    original: Workspace,
) -> None:
    approving.schedule(original, SHORT, "now", actor="test")

    with copied(original) as copy:
        with pytest.raises(SurroundingsFailed, match="this database is a copy"):
            Sender(copy, "test").due()
        done = adopt(copy, actor="Mared")
        report = Sender(copy, "test").due()

    (held,) = done.held
    assert (held.edition.held_reason, held.edition.held_from) == (
        HeldReason.ADOPTED,
        EditionState.SCHEDULED,
    )
    assert (held.pending, held.made_unknown) == (0, 0)
    assert (report.started, report.exit_code) == ([], 0)
    assert edition(original).state is EditionState.SCHEDULED


def test_who_adopted_it_and_what_was_held_is_recorded(original: Workspace) -> None:
    approving.schedule(original, SHORT, "now", actor="test")

    with copied(original) as copy:
        adopt(copy, actor="Mared")
        lines = audited(copy)[-2:]

    assert lines == [
        ("Mared", "db adopt", "the database", ""),
        ("Mared", "send hold", SHORT, "adopted"),
    ]


@pytest.mark.parametrize("state", [EditionState.SENDING, EditionState.PAUSED])
def test_an_edition_under_way_waits_and_says_how_many_may_have_gone(
    state: EditionState, original: Workspace
) -> None:
    start(original)
    if state is EditionState.PAUSED:
        with writing(original.engine) as connection:
            stored = store.edition(connection, SHORT)
            take_step(connection, stored, Step.PAUSE, actor="test", at=original.now())

    with copied(original) as copy:
        (held,) = adopt(copy, actor="Mared").held

    assert held.pending == PEOPLE
    assert held.edition.held_from is state
    assert held.as_json() == {
        "edition": SHORT,
        "reason": "adopted",
        "was": state,
        "pending": PEOPLE,
        "made_unknown": 0,
    }


def test_one_that_was_held_already_waits_for_this_reason_and_goes_back_to_where_it_was(
    original: Workspace,
) -> None:
    start(original)
    with writing(original.engine) as connection:
        stored = store.edition(connection, SHORT)
        hold(connection, stored, HeldReason.LATE, actor="test", at=original.now())

    with copied(original) as copy:
        adopt(copy, actor="Mared")
        held = edition(copy)
        going_on.resume(copy, SHORT, actor="Mared", doubts=[going_on.Doubt.PENDING_UNKNOWN])
        resumed = edition(copy)
        after = counts(copy)

    assert (held.held_reason, held.held_from) == (HeldReason.ADOPTED, EditionState.SENDING)
    assert resumed.state is EditionState.SENDING
    assert after == {"unknown": PEOPLE}


def test_what_was_deferred_may_have_been_taken_since_as_well(original: Workspace) -> None:
    start(original)
    with writing(original.engine) as connection:
        connection.execute(update(deliveries).values(state="deferred", attempts=1))

    with copied(original) as copy:
        (held,) = adopt(copy, actor="Mared").held
        going_on.resume(copy, SHORT, actor="Mared", doubts=[going_on.Doubt.PENDING_UNKNOWN])
        after = counts(copy)

    assert (held.pending, after) == (PEOPLE, {"unknown": PEOPLE})


@pytest.mark.parametrize(("step", "named"), [(None, (SHORT,)), (Step.CANCEL, ())])
def test_what_is_not_on_its_way_is_left_alone_and_named_if_it_is_approved(
    step: Step | None, named: tuple[str, ...], original: Workspace
) -> None:
    """A person may send it any time, who does not know that it went from the other copy."""
    if step is not None:
        with writing(original.engine) as connection:
            stored = store.edition(connection, SHORT)
            take_step(connection, stored, step, actor="test", at=original.now())
    before = edition(original).state

    with copied(original) as copy:
        done = adopt(copy, actor="Mared")
        after = edition(copy).state

    assert (done.held, done.approved, after) == ((), named, before)


def test_what_the_copied_journals_tell_is_recorded(original: Workspace) -> None:
    start(original)
    journal = Journal.create(original.journal_folder, "another place", is_power_safe=True)
    accepted, unanswered, _never_begun = take_on(original, 3, journal.name)
    journal.begun((accepted, 1))
    journal.came_to((accepted, 1), Outcome(DeliveryState.ACCEPTED, 250, None, "Ok"))
    journal.begun((unanswered, 1))
    journal.close()

    with copied(original) as copy:
        (held,) = adopt(copy, actor="Mared").held
        after = counts(copy)

    assert after == {"accepted": 1, "unknown": 1, "pending": PEOPLE - 2}
    assert (held.pending, held.made_unknown) == (PEOPLE - 2, 0)


def test_of_what_no_journal_tells_every_one_is_unknown(original: Workspace) -> None:
    start(original)
    take_on(original, 3, "gone.journal")

    with copied(original) as copy:
        (held,) = adopt(copy, actor="Mared").held
        after = counts(copy)
        with reading(copy.engine) as connection:
            still_open = senders.open_senders(connection)

    assert after == {"unknown": 3, "pending": PEOPLE - 3}
    assert (held.pending, held.made_unknown) == (PEOPLE - 3, 3)
    assert still_open == []


def test_a_sender_on_another_machine_will_not_come_back_to_the_copy(original: Workspace) -> None:
    """It was heard of a moment ago; on a server, that is to be alive."""
    start(original)
    take_on(original, 1, "elsewhere.journal")
    with writing(original.engine) as connection:
        connection.execute(update(senders_table).values(host="elsewhere.example.org"))

    with copied(original) as copy:
        adopt(copy, actor="Mared")
        after = counts(copy)

    assert after["unknown"] == 1


def test_while_a_process_sends_from_the_very_copy_it_is_not_adopted(original: Workspace) -> None:
    """As after a backup that was put in place under its feet."""
    start(original)
    journal = Journal.create(original.journal_folder, "another place", is_power_safe=True)
    take_on(original, 1, journal.name)
    (original.journal_folder / "live").unlink()

    with pytest.raises(Refused, match="is still sending from this database"):
        adopt(original, actor="Mared")

    journal.close()
    assert edition(original).state is EditionState.SENDING
    assert not original.live_copy.standing.is_live


def test_journals_of_senders_that_began_after_the_backup_are_settled_by_adopting(
    original: Workspace,
) -> None:
    """That it was dead, and had begun to send, is what the backup was found out by."""
    journal = Journal.create(original.journal_folder, "another place", is_power_safe=True)
    journal.begun((1, 1))
    journal.close()

    with pytest.raises(SurroundingsFailed, match="comes from a backup"):
        Sender(original, "test").due()
    done = adopt(original, actor="Mared")
    report = Sender(original, "test").due()

    assert (done.was_live, done.approved) == (False, (SHORT,))
    assert (report.exit_code, journal.file.exists()) == (0, False)


def test_an_older_backup_put_in_place_is_adopted_with_what_was_pending_then(
    original: Workspace, tmp_path: Path
) -> None:
    start(original)
    file = original.settings.database_file
    assert file is not None
    original.engine.dispose()
    backup = shutil.copyfile(file, tmp_path / "backup.db")
    Sender(original, "test").run(SHORT)
    original.engine.dispose()

    shutil.copyfile(backup, file)
    (held,) = adopt(original, actor="Mared").held

    assert held.pending == PEOPLE
    assert original.live_copy.standing.is_live
