"""Readers who leave while the database is locked, gone or of another program: T10."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import Connection, event, select
from starlette.testclient import TestClient

from newsletter.app.readers import leaving
from newsletter.app.readers.spool import apply_spooled
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.audience import pausing
from newsletter.audience import subscribers as people
from newsletter.cli.public_site import public_site
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import SubscriptionStatus
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import consents, subscribers, subscriptions, topics
from newsletter.tokens.tokens import INERT_TOKEN, Purpose
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, ready_to_send

ANGHARAD = "angharad@example.org"
TAKEN = {"en": "We have taken your request", "cy": "Rydym wedi derbyn eich cais"}


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "PATIENCE", 0.01)


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


@pytest.fixture
def site(workspace: Workspace) -> TestClient:
    return TestClient(
        public_site(workspace, listening_on="0.0.0.0"),
        base_url="https://news.example.org",
        follow_redirects=False,
    )


def _token(workspace: Workspace, address: str) -> str:
    with reading(workspace.engine) as connection:
        topic = connection.execute(select(topics.c.public_id)).scalar_one()
        person = subscribers.c.canonical == address
        handle = connection.execute(select(subscribers.c.handle).where(person)).scalar_one()
    return workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=handle, topic=topic, edition=7)


def _addresses(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return list(connection.execute(select(subscribers.c.canonical)).scalars())


def _status(workspace: Workspace, address: str) -> str:
    query = (
        select(subscriptions.c.status)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(subscribers.c.canonical == address)
    )
    with reading(workspace.engine) as connection:
        return str(connection.execute(query).scalar_one())


def _last_line(workspace: Workspace, address: str) -> tuple[object, ...]:
    query = (
        select(*consents.c["status", "source", "actor", "at"])
        .join(subscribers, subscribers.c.id == consents.c.subscriber_id)
        .where(subscribers.c.canonical == address)
        .order_by(consents.c.id.desc())
    )
    with reading(workspace.engine) as connection:
        return tuple(connection.execute(query).first() or ())


def _spooled(workspace: Workspace) -> list[Path]:
    folder = workspace.spool_folder
    return sorted(folder.glob("*.json")) if folder.exists() else []


@contextmanager
def _locked(workspace: Workspace) -> Iterator[None]:
    other = sqlite3.connect(_file(workspace), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def _moved_away(workspace: Workspace) -> Iterator[None]:
    file = _file(workspace)
    away = file.rename(file.with_name("away.db"))
    try:
        yield
        assert not file.exists()
    finally:
        away.rename(file)


@contextmanager
def _of_a_newer_program(workspace: Workspace) -> Iterator[None]:
    with sqlite3.connect(_file(workspace)) as other:
        (revision,) = other.execute("SELECT version_num FROM alembic_version").fetchone()
        other.execute("UPDATE alembic_version SET version_num = '9999_later'")
    other.close()
    try:
        yield
    finally:
        with sqlite3.connect(_file(workspace)) as other:
            other.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        other.close()


def _file(workspace: Workspace) -> Path:
    file = workspace.settings.database_file
    assert file is not None
    return file


RESTING = pytest.mark.parametrize("resting", [_locked, _moved_away, _of_a_newer_program])
Resting = Callable[[Workspace], AbstractContextManager[None]]


@RESTING
def test_whoever_leaves_meanwhile_is_told_so_and_has_left_afterwards(
    workspace: Workspace, site: TestClient, clock: Clock, resting: Resting
) -> None:
    token = _token(workspace, ANGHARAD)
    asked_at = clock.at

    with resting(workspace):
        answers = [
            site.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}),
            site.post(f"/cy/unsubscribe/{token}"),
        ]
    clock.move(hours=2)
    applied = apply_spooled(workspace)

    assert [one.status_code for one in answers] == [200, 200]
    assert all(words in answers[0].text for words in TAKEN.values())
    assert TAKEN["cy"] in answers[1].text
    assert TAKEN["en"] not in answers[1].text
    assert applied == 1
    assert _last_line(workspace, ANGHARAD) == (
        SubscriptionStatus.UNSUBSCRIBED,
        "unsubscribe page",
        "reader",
        asked_at,
    )
    assert _spooled(workspace) == []


def test_whoever_leaves_everything_at_their_preferences_has_left_afterwards(
    workspace: Workspace, site: TestClient, clock: Clock
) -> None:
    handle = workspace.tokens.claimed_handle(Purpose.UNSUBSCRIBE, _token(workspace, ANGHARAD))
    preferences = workspace.tokens.token(Purpose.PREFERENCES, handle=handle or 0)
    asked_at = clock.at

    with _locked(workspace):
        answer = site.post(f"/cy/preferences/{preferences}", data={"everything": "yes"})
    clock.move(hours=2)
    applied = apply_spooled(workspace)

    assert answer.status_code == 200
    assert TAKEN["cy"] in answer.text
    assert TAKEN["en"] not in answer.text
    assert f'href="/en/preferences/{preferences}"' in answer.text
    assert applied == 1
    assert _last_line(workspace, ANGHARAD) == (
        SubscriptionStatus.UNSUBSCRIBED,
        "preferences page",
        "reader",
        asked_at,
    )


@RESTING
def test_the_button_is_there_even_when_nobody_can_be_looked_up(
    workspace: Workspace, site: TestClient, resting: Resting
) -> None:
    token = _token(workspace, ANGHARAD)
    workspace.engine.dispose()

    with resting(workspace):
        page = site.get(f"/en/unsubscribe/{token}")

    assert page.status_code == 200
    assert "Unsubscribe</button>" in page.text


def test_what_is_written_down_is_for_our_eyes_and_names_nobody(
    workspace: Workspace, site: TestClient
) -> None:
    """X13; and a wish that is said again is the same file."""
    token = _token(workspace, ANGHARAD)

    with _locked(workspace):
        for _ in range(3):
            site.post(f"/u/{token}")
        site.post(f"/en/unsubscribe/{token}", data={"everything": "yes"})

    files = _spooled(workspace)
    assert len(files) == 2
    modes = {stat.S_IMODE(one.stat().st_mode) for one in files}
    assert (stat.S_IMODE(workspace.spool_folder.stat().st_mode), modes) == (0o700, {0o600})
    assert not any("@" in one.read_text() or token in one.name for one in files)


def test_a_forged_token_writes_nothing_down(workspace: Workspace, site: TestClient) -> None:
    """T7: whoever posts garbage fills no disk."""
    token = _token(workspace, ANGHARAD)

    with _locked(workspace):
        statuses = {
            site.post(f"/{path}/{forged}").status_code
            for path in ("u", "en/unsubscribe")
            for forged in (INERT_TOKEN, token[:-2] + "AA", "garbled")
        }

    assert statuses == {404}
    assert not workspace.spool_folder.exists()


def test_nobody_is_mailed_who_wrote_before_the_run(
    workspace: Workspace, site: TestClient, server: RecordingServer
) -> None:
    with _locked(workspace):
        site.post(f"/u/{_token(workspace, ANGHARAD)}")

    Sender(workspace, "test").run(SHORT)

    assert len(server.messages) == PEOPLE - 1
    assert ANGHARAD not in server.accepted_recipients


class _LeftAtTheFirst(RecordingServer):
    """Calls `then` at the first message that comes in."""

    then: Callable[[], None]

    def keep(self, envelope: Envelope) -> None:
        super().keep(envelope)
        if len(self.messages) == 1:
            self.then()


def test_nobody_is_mailed_whom_a_run_that_is_under_way_takes_on_or_has_waiting(
    tmp_path: Path,
) -> None:
    with (
        _LeftAtTheFirst() as server,
        a_workspace(tmp_path / "other", relay=server.url) as workspace,
    ):
        ready_to_send(workspace)
        tokens = [_token(workspace, one) for one in _addresses(workspace)]
        desk = leaving.Leaving(workspace)

        def all_write() -> None:
            with _locked(workspace):
                for token in tokens:
                    desk.leave(token, one_click=True)

        server.then = all_write
        relay = workspace.settings.relay.model_copy(update={"connections": 1})
        settings = workspace.settings.model_copy(update={"relay": relay})
        Sender(replace(workspace, settings=settings), "test").run(SHORT)

        # The first, and the one that its connection had in hand by then.
        assert 1 <= len(server.messages) <= 2
        assert _spooled(workspace) == []


def test_who_has_come_back_since_stays(
    workspace: Workspace, site: TestClient, clock: Clock
) -> None:
    token = _token(workspace, ANGHARAD)
    with _locked(workspace):
        site.post(f"/u/{token}")
    (file,) = _spooled(workspace)
    written = file.read_text()
    apply_spooled(workspace)
    clock.move(minutes=5)
    site.post(f"/en/unsubscribe/{token}", data={"undo": "topic"})
    file.write_text(written)  # as if the power had gone before it was removed

    apply_spooled(workspace)

    assert _status(workspace, ANGHARAD) == "active"


def test_a_pause_since_is_no_coming_back(
    workspace: Workspace, site: TestClient, clock: Clock
) -> None:
    with _locked(workspace):
        site.post(f"/u/{_token(workspace, ANGHARAD)}")
    clock.move(minutes=1)
    with writing(workspace.engine) as connection:
        person = people.subscriber(connection, ANGHARAD)
        pausing.pause(connection, person.id, clock.at + timedelta(days=30), at=clock.at)

    apply_spooled(workspace)

    assert _status(workspace, ANGHARAD) == "unsubscribed"


def test_all_other_pages_are_closed_while_the_database_is_of_a_newer_program(
    workspace: Workspace, site: TestClient
) -> None:
    """What a newer program needs, an older one does not know to write."""
    with reading(workspace.engine) as connection:
        handle = people.subscriber(connection, ANGHARAD).handle
    preferences = workspace.tokens.token(Purpose.PREFERENCES, handle=handle)
    before = _last_line(workspace, ANGHARAD)

    with _of_a_newer_program(workspace):
        answer = site.post(f"/en/preferences/{preferences}", data={"language": "en"})

    assert answer.status_code == 503
    assert "We are working on these pages" in answer.text
    assert _last_line(workspace, ANGHARAD) == before


def test_a_wish_that_is_said_again_while_the_database_is_waited_for_is_not_lost(
    workspace: Workspace, site: TestClient, clock: Clock
) -> None:
    token = _token(workspace, ANGHARAD)
    with _locked(workspace):
        site.post(f"/u/{token}")

    acts = iter([True])

    def comes_back_first_and_leaves_then(_: Connection) -> None:
        if not next(acts, False):
            return
        clock.move(minutes=1)
        with writing(workspace.engine) as connection:
            person = people.subscriber(connection, ANGHARAD)
            pausing.pause(connection, person.id, clock.at + timedelta(days=30), at=clock.at)
            pausing.resume(connection, person.id, at=clock.at)
        clock.move(minutes=1)
        with _locked(workspace):
            site.post(f"/u/{token}")

    event.listen(workspace.engine, "engine_connect", comes_back_first_and_leaves_then)
    apply_spooled(workspace)

    assert _status(workspace, ANGHARAD) == "unsubscribed"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'"x"', b"\xff", b'{"token": 1, "at": 2}', None]
)
def test_a_file_that_cannot_be_read_is_kept_and_keeps_nobody_waiting(
    workspace: Workspace, site: TestClient, content: bytes | None
) -> None:
    token = _token(workspace, ANGHARAD)
    with _locked(workspace):
        site.post(f"/u/{token}")
    (good,) = _spooled(workspace)
    bad = workspace.spool_folder / "bad.json"
    forged = good.read_bytes().replace(token.encode(), INERT_TOKEN.encode())
    bad.write_bytes(forged if content is None else content)

    applied = apply_spooled(workspace)

    assert applied == 1
    assert _status(workspace, ANGHARAD) == "unsubscribed"
    kept = workspace.spool_folder / "unreadable" / "bad.json"
    assert kept.read_bytes() == (forged if content is None else content)
    assert apply_spooled(workspace) == 0


def test_somebody_erased_since_is_done_with(workspace: Workspace, site: TestClient) -> None:
    """T7."""
    unknown = workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=12345, topic=1)
    with _locked(workspace):
        site.post(f"/u/{unknown}")

    assert apply_spooled(workspace) == 1

    assert _spooled(workspace) == []


def test_as_long_as_the_database_rests_what_was_written_stays(
    workspace: Workspace, site: TestClient
) -> None:
    token = _token(workspace, ANGHARAD)

    with _of_a_newer_program(workspace):
        site.post(f"/u/{token}")
        with pytest.raises(SurroundingsFailed):
            apply_spooled(workspace)

    assert len(_spooled(workspace)) == 1
