"""Editions through import, approval and schedule, on a real workspace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.app import approving
from newsletter.app.editing import export_edition, import_edition
from newsletter.app.edition_status import status
from newsletter.app.workspace import Workspace
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import BadInput, Refused
from newsletter.editions import store
from newsletter.storage.engine import reading
from newsletter.storage.schema import audit
from tests.workspaces import SHORT, Clock, a_workspace, edition_file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", clock=clock) as workspace:
        yield workspace


def _state(workspace: Workspace) -> EditionState:
    return status(workspace, SHORT).edition.state


def _change(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("preheader:\n  en: ", 'preheader:\n  en: "New: " #'), "utf-8")
    assert file.read_text(encoding="utf-8") != text


def test_importing_the_same_file_again_changes_nothing(workspace: Workspace) -> None:
    first = import_edition(workspace, edition_file(workspace), actor="test")

    again = import_edition(workspace, edition_file(workspace), actor="test")

    assert (first.changed, again.changed) == (True, False)
    assert again.edition.revision == 1


def test_importing_changed_content_takes_approval_and_time_away(workspace: Workspace) -> None:
    file = edition_file(workspace)
    import_edition(workspace, file, actor="test")
    approving.approve(workspace, SHORT, actor="test")
    approving.schedule(workspace, SHORT, "2026-12-01T09:00", actor="test")
    _change(file)

    imported = import_edition(workspace, file, actor="test")

    assert imported.edition.state is EditionState.DRAFT
    assert imported.edition.scheduled_at is None
    assert imported.edition.revision == 2
    assert approving.approval_of(workspace, SHORT) is None


def test_importing_again_after_approval_keeps_it_when_nothing_changed(
    workspace: Workspace,
) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")
    approving.approve(workspace, SHORT, actor="test")

    import_edition(workspace, edition_file(workspace), actor="test")

    assert _state(workspace) is EditionState.APPROVED


def test_an_export_comes_back_as_the_same_edition_byte_for_byte(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_edition(workspace, edition_file(workspace, "2026-10"), actor="test")
    out = tmp_path / "copy" / "edition.yaml"

    first = export_edition(workspace, "2026-10", out)
    again = import_edition(workspace, out, actor="test")

    assert not again.changed
    assert export_edition(workspace, "2026-10", None) == first == out.read_text(encoding="utf-8")
    original = edition_file(workspace, "2026-10").parent / "images"
    for image in original.iterdir():
        assert (out.parent / "images" / image.name).read_bytes() == image.read_bytes()


def test_sections_keep_their_ids_through_a_second_import(workspace: Workspace) -> None:
    file = edition_file(workspace)
    import_edition(workspace, file, actor="test")
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, SHORT)
        before = [one.id for one in store.content(connection, stored).sections]
    _change(file)

    import_edition(workspace, file, actor="test")

    with reading(workspace.engine) as connection:
        stored = store.edition(connection, SHORT)
        assert [one.id for one in store.content(connection, stored).sections] == before
    assert all(before)


def test_an_unknown_topic_is_refused_and_nothing_is_kept(workspace: Workspace) -> None:
    file = edition_file(workspace)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("topic: monthly-bulletin", "topic: weekly"), encoding="utf-8")

    with pytest.raises(BadInput, match="no topic weekly"):
        import_edition(workspace, file, actor="test")

    with reading(workspace.engine) as connection:
        assert store.find_edition(connection, SHORT) is None


def test_approval_freezes_a_snapshot_that_approving_again_gives_the_same_digest(
    workspace: Workspace,
) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")

    first = approving.approve(workspace, SHORT, actor="Mared")
    second = approving.approve(workspace, SHORT, actor="Mared")

    assert first.digest == second.digest
    assert len(first.digest) == 64
    assert set(first.messages) == {("en", ""), ("cy", "")}


def test_approval_writes_the_pictures_that_the_mail_points_to(workspace: Workspace) -> None:
    import_edition(workspace, edition_file(workspace, "2026-10"), actor="test")

    snapshot = approving.approve(workspace, "2026-10", actor="test")

    names = {file.name for file in workspace.media_folder.iterdir()}
    pages = "".join(
        piece for page in snapshot.pages.values() for piece in page if isinstance(piece, str)
    )
    pointed_to = re.findall(r'"https://news\.example\.org/media/([^"]+)"', pages)
    assert {".png", ".ics"} <= {Path(name).suffix for name in names}
    assert names == set(pointed_to)


def test_a_must_finding_keeps_an_edition_from_being_approved(workspace: Workspace) -> None:
    file = edition_file(workspace, "2026-10")
    for image in (file.parent / "images").iterdir():
        image.unlink()
    import_edition(workspace, file, actor="test")

    with pytest.raises(Refused, match="image-missing"):
        approving.approve(workspace, "2026-10", actor="test")

    assert status(workspace, "2026-10").edition.state is EditionState.DRAFT


def test_a_file_changed_since_its_import_is_not_approved_by_surprise(
    workspace: Workspace,
) -> None:
    file = edition_file(workspace)
    import_edition(workspace, file, actor="test")
    _change(file)

    with pytest.raises(Refused, match="has changed since"):
        approving.approve(workspace, SHORT, actor="test")
    approving.approve(workspace, SHORT, actor="test", as_imported=True)

    assert _state(workspace) is EditionState.APPROVED


def test_approval_and_schedule_are_in_the_audit(workspace: Workspace) -> None:
    import_edition(workspace, edition_file(workspace), actor="Siân")
    approving.approve(workspace, SHORT, actor="Mared", reason="seen in both languages")
    approving.schedule(workspace, SHORT, "now", actor="Mared")

    with reading(workspace.engine) as connection:
        rows = connection.execute(
            select(audit.c.actor, audit.c.action, audit.c.detail).where(audit.c.subject == SHORT)
        ).all()

    assert [(row.actor, row.action) for row in rows] == [
        ("Siân", "edition import"),
        ("Mared", "edition approve"),
        ("Mared", "edition schedule"),
    ]
    assert "seen in both languages" in rows[1].detail


def test_a_scheduled_edition_can_be_unscheduled(workspace: Workspace) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")
    approving.approve(workspace, SHORT, actor="test")
    approving.schedule(workspace, SHORT, "2026-12-01T09:00", actor="test")

    approving.unschedule(workspace, SHORT, actor="test")

    assert _state(workspace) is EditionState.APPROVED
    assert status(workspace, SHORT).edition.scheduled_at is None


def test_a_draft_cannot_be_scheduled(workspace: Workspace) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")

    with pytest.raises(Refused, match="newsletter edition approve"):
        approving.schedule(workspace, SHORT, "now", actor="test")


def test_an_image_that_is_too_large_to_open_is_not_kept_cut_off(workspace: Workspace) -> None:
    file = edition_file(workspace, "2026-10")
    (image,) = (file.parent / "images").glob("pollution-reports.png")
    with image.open("ab") as opened:
        opened.truncate(10_000_001)

    with pytest.raises(BadInput, match=r"pollution-reports\.png is larger than 10 MB"):
        import_edition(workspace, file, actor="test")

    with reading(workspace.engine) as connection:
        assert store.find_edition(connection, "2026-10") is None
