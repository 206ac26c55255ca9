"""Being erased by a fresh link, and what is left then: nothing that names anybody (T3, L4)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, Connection, String, Text, cast, insert, select

from newsletter.app.erasing import erase
from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers, topics
from newsletter.audience.requests.asking import ask
from newsletter.audience.suppressions import find_suppression
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.account import AccountWish
from newsletter.domain.confirming import Stage
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import Wording
from newsletter.domain.readers import Forgotten
from newsletter.domain.requests import LeavingReason, NewRequest, RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, leaving_reasons, metadata, requests
from newsletter.tokens.tokens import Purpose
from tests.reader_account import CAME, NEW, OLD, AskingReader, add_person
from tests.workspaces import TOPIC, Clock, a_workspace

ALONE = (RequestKind.MY_LINK, RequestKind.MY_DATA, RequestKind.ERASE)
FORMS = sorted({OLD.lower(), parse_address(OLD).canonical, json.dumps(OLD.lower())[1:-1]})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        yield workspace


@pytest.fixture
def reader(workspace: Workspace) -> AskingReader:
    return AskingReader(workspace)


def erase_by_link(reader: AskingReader) -> str:
    reader.ask(AccountWish.ERASE)
    link = reader.mailed(RequestKind.ERASE)
    assert reader.press(link).stage is Stage.DONE
    return link


def named_in(workspace: Workspace, forms: list[str]) -> list[str]:
    """Every column of text, in whatever table, that holds the address in one of these forms."""
    with reading(workspace.engine) as connection:
        return [
            f"{table.name}.{column.name}"
            for table in metadata.sorted_tables
            for column in table.c
            if isinstance(column.type, String | Text | JSON)
            for (value,) in connection.execute(select(cast(column, Text)))
            if any(form in (value or "").lower() for form in forms)
        ]


def files_with(workspace: Workspace, forms: list[str]) -> list[str]:
    folder = workspace.settings.data_folder
    files = [one for one in folder.rglob("*") if one.is_file()]
    return [
        one.name
        for one in files
        if any(form.encode() in one.read_bytes().lower() for form in forms)
    ]


def leave_traces(workspace: Workspace, connection: Connection) -> None:
    """What the tables of the public pages may hold of somebody, of every kind."""
    now = workspace.now()
    both = {"pair": "1", "old_address": OLD, "new_address": NEW}
    away = {"pair": "2", "old_address": "somebody@example.com", "new_address": OLD}
    ask(
        connection,
        [
            *(NewRequest(kind, OLD, "cy", "page") for kind in ALONE),
            NewRequest(RequestKind.SIGN_UP, OLD, "cy", "page", Wording("Told"), "192.0.2.7"),
            NewRequest(RequestKind.ADDRESS_FROM, OLD, "cy", "page", details=both),
            NewRequest(RequestKind.ADDRESS_TO, NEW, "cy", "page", details=both),
            NewRequest(
                RequestKind.ADDRESS_FROM, "somebody@example.com", "cy", "page", details=away
            ),
            NewRequest(RequestKind.ADDRESS_TO, OLD, "cy", "page", details=away),
        ],
        now,
    )
    request_ids = connection.execute(select(requests.c.id)).scalars().all()
    told = {"new_address": OLD}
    add_notices(
        connection,
        [
            *(NewNotice(kind, OLD, "cy", now + timedelta(hours=1)) for kind in NoticeKind),
            NewNotice(NoticeKind.ADDRESS_CHANGED, "before@example.com", "cy", now, details=told),
            *(
                NewNotice(NoticeKind.ADDRESS_TO, NEW, "cy", now, one, both)
                for one in (None, *request_ids)
            ),
        ],
        now,
    )


def test_the_page_erases_and_needs_nobody_afterwards(
    workspace: Workspace, reader: AskingReader
) -> None:
    erase_by_link(reader)

    with reading(workspace.engine) as connection:
        assert list(subscribers.all_subscribers(connection)) == []
        seal = find_suppression(connection, parse_address(OLD).canonical, workspace.seals)
    assert seal is not None
    assert seal.reason == "erased"


def test_it_is_on_record_as_the_persons_own_act_and_names_nobody(
    workspace: Workspace, reader: AskingReader
) -> None:
    """X15"""
    erase_by_link(reader)

    with reading(workspace.engine) as connection:
        row = connection.execute(select(audit).where(audit.c.action == "subscribers erase")).one()
    assert (row.actor, row.subject) == ("reader", "one person")


def test_nothing_names_the_person_in_any_table_or_file(
    workspace: Workspace, reader: AskingReader
) -> None:
    """L4: also not what they asked for, nor what others asked about their address."""
    with writing(workspace.engine) as connection:
        leave_traces(workspace, connection)
        person = subscribers.subscriber(connection, OLD)
        left = {"reason": LeavingReason.OTHER, "at": workspace.now()}
        topic = topics.topic(connection, TOPIC).id
        row = {"subscriber_id": person.id, "topic_id": topic, **left}
        connection.execute(insert(leaving_reasons).values(row))
    assert named_in(workspace, FORMS)

    erase_by_link(reader)

    assert named_in(workspace, FORMS) == []
    assert files_with(workspace, FORMS) == []


def test_somebody_who_only_ever_asked_is_erased_as_well(workspace: Workspace) -> None:
    """No row names them, and no suppression: they signed up and never confirmed."""
    with writing(workspace.engine) as connection:
        leave_traces(workspace, connection)

    erasure = erase(workspace, OLD, actor="mair")

    assert erasure.is_new
    assert named_in(workspace, FORMS) == []
    assert files_with(workspace, FORMS) == []


def test_what_others_asked_for_stays(workspace: Workspace, reader: AskingReader) -> None:
    add_person(workspace, "other@example.org", "Other")
    with writing(workspace.engine) as connection:
        ask(connection, [NewRequest(RequestKind.MY_DATA, "other@example.org", "en", "p")], CAME)

    erase_by_link(reader)

    with reading(workspace.engine) as connection:
        (left,) = connection.execute(select(requests.c.address)).scalars()
    assert left == "other@example.org"


def test_links_in_old_mail_still_answer(workspace: Workspace, reader: AskingReader) -> None:
    """T7"""
    with reading(workspace.engine) as connection:
        handle = subscribers.subscriber(connection, OLD).handle
        public_id = topics.topic(connection, TOPIC).public_id
    leave = workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=handle, topic=public_id)

    link = erase_by_link(reader)

    assert Preferring(workspace).reader(reader.token) == Forgotten()
    assert reader.account.masked_address(reader.token) == Forgotten()
    assert Leaving(workspace).leave(leave, one_click=True) == Forgotten()
    assert reader.press(link).stage is Stage.OVER


def test_a_link_that_is_over_erases_nobody(
    workspace: Workspace, reader: AskingReader, clock: Clock
) -> None:
    """T3"""
    reader.ask(AccountWish.ERASE)
    link = reader.mailed(RequestKind.ERASE)
    clock.move(hours=1)

    assert reader.press(link).stage is Stage.OVER
    with reading(workspace.engine) as connection:
        assert subscribers.find(connection, OLD) is not None


def test_a_file_that_cannot_be_cleaned_is_named_in_the_log_and_the_person_is_erased(
    workspace: Workspace,
    reader: AskingReader,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = workspace.settings.data_folder / "imports"
    folder.mkdir(exist_ok=True)
    file = folder / "list.rejected.csv"
    file.write_text(f"row,reason,email\r\n3,why,{OLD}\r\n", encoding="utf-8")
    monkeypatch.setattr(Path, "unlink", _fail)

    with caplog.at_level(logging.ERROR):
        erase_by_link(reader)

    assert str(file) in caplog.text
    assert "erase the address once more" in caplog.text
    assert OLD not in caplog.text
    with reading(workspace.engine) as connection:
        assert subscribers.find(connection, OLD) is None


def _fail(_file: Path, **_options: object) -> None:
    raise PermissionError(13, "Permission denied")
