"""What the desk of the archive reads, and what it never even looks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from newsletter.app.readers.archive_online import ArchiveOnline
from newsletter.app.readers.editions_online import EditionsOnline
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.domain.editions import SLUG
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import edition_revisions, editions, topics
from newsletter.tokens.tokens import Purpose
from tests.workspaces import SHORT, TOPIC, a_workspace, ready_to_send


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose edition was sent; no test changes it for good."""
    with a_workspace(tmp_path_factory.mktemp("archive") / "workspace") as workspace:
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
        yield workspace


@contextmanager
def counting(workspace: Workspace) -> Iterator[list[str]]:
    """The questions that the database gets inside the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            statements.append(statement)

    event.listen(workspace.engine, "before_cursor_execute", note)
    yield statements
    event.remove(workspace.engine, "before_cursor_execute", note)


def view_token(workspace: Workspace) -> str:
    with reading(workspace.engine) as connection:
        public_id = connection.execute(select(editions.c.public_id)).scalar_one()
    return workspace.tokens.token(Purpose.VIEW, edition=public_id)


def test_what_was_read_once_costs_one_question(workspace: Workspace) -> None:
    desk = ArchiveOnline(workspace)

    def read_all() -> None:
        desk.newest(3)
        desk.shelf(TOPIC, skip=0, most=30)
        desk.page(TOPIC, SHORT, "cy")

    read_all()
    with counting(workspace) as statements:
        read_all()

    assert len(statements) == 3


def test_no_question_looks_through_people_or_deliveries(workspace: Workspace) -> None:
    desk = ArchiveOnline(workspace)

    with counting(workspace) as statements:
        desk.newest(3)
        desk.shelf(TOPIC, skip=0, most=30)
        desk.page(TOPIC, SHORT, "cy")
        desk.text(TOPIC, SHORT, "cy")

    for word in ("subscri", "deliver", "consent", "suppress"):
        assert not any(word in statement for statement in statements)


@given(name=st.text(max_size=70).filter(lambda text: SLUG.fullmatch(text) is None))
def test_what_is_no_slug_never_reaches_the_database(workspace: Workspace, name: str) -> None:
    desk = ArchiveOnline(workspace)

    with counting(workspace) as statements:
        assert desk.shelf(name, skip=0, most=30) is None
        assert desk.page(TOPIC, name, "en") is None
        assert desk.text(name, SHORT, "en") is None

    assert statements == []


def test_a_link_in_a_mail_shows_what_the_archive_shows(workspace: Workspace) -> None:
    viewed = EditionsOnline(workspace).page(view_token(workspace), "cy")

    archived = ArchiveOnline(workspace).page(TOPIC, SHORT, "cy")
    assert viewed is not None
    assert viewed == archived


def test_a_private_topics_edition_is_shown_to_whoever_has_the_link_alone(
    workspace: Workspace,
) -> None:
    """T15."""
    with writing(workspace.engine) as connection:
        connection.execute(update(topics).values(private=True))
    token = view_token(workspace)

    viewed = EditionsOnline(workspace).page(token, "cy")
    archived = ArchiveOnline(workspace).page(TOPIC, SHORT, "cy")

    with writing(workspace.engine) as connection:
        connection.execute(update(topics).values(private=False))
    assert archived is None
    assert viewed is not None
    assert viewed.place is None
    assert f"/en/view/{token}" in viewed.content
    assert "/archive/" not in viewed.content


def test_a_subject_with_merge_values_is_called_by_their_fallbacks(workspace: Workspace) -> None:
    with writing(workspace.engine) as connection:
        before = connection.execute(select(edition_revisions.c.content)).scalar_one()
        changed = before | {"subject": {"en": "News for {name|you}"}}
        connection.execute(update(edition_revisions).values(content=changed))

    shelf = ArchiveOnline(workspace).shelf(TOPIC, skip=0, most=30)

    with writing(workspace.engine) as connection:
        connection.execute(update(edition_revisions).values(content=before))
    assert shelf is not None
    assert shelf.editions[0].titles == {"en": "News for you", "cy": ""}
    assert shelf.editions[0].title("cy") == SHORT
