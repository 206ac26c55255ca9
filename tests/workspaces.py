"""Workspaces to test in: real settings, a real migrated database, real keys, a real edition."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.first_topic import add_first_topic
from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder
from newsletter.app.new_workspace import prepare_data
from newsletter.app.workspace import Workspace, open_settings
from newsletter.domain.people import Basis
from newsletter.resources import examples_folder
from newsletter.settings.reading import read_settings

SHORT = "2026-11"
TOPIC = "monthly-bulletin"
PEOPLE = 12


@dataclass
class Clock:
    """A clock that stands until somebody moves it."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 2, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        """What it shows."""
        return self.at

    def move(self, **by: float) -> None:
        """Moves it on."""
        self.at += timedelta(**by)


@contextmanager
def a_workspace(
    folder: Path, *, relay: str | None = None, clock: Clock | None = None
) -> Iterator[Workspace]:
    """The example workspace in `folder`, its database migrated, its topic added."""
    if not folder.exists():
        shutil.copytree(examples_folder(), folder)
        prepare_data(read_settings(folder / "newsletter.toml", use_environment=False))
        add_first_topic(
            read_settings(folder / "newsletter.toml", use_environment=False), actor="test"
        )
    file = folder / "newsletter.toml"
    if relay is not None:
        text = file.read_text(encoding="utf-8").partition("\n[relay]")[0]
        file.write_text(f'{text}\n[relay]\nurl = "{relay}"\n', encoding="utf-8")
    settings = read_settings(file, use_environment=False)
    with open_settings(settings, now=clock or Clock()) as workspace:
        yield workspace


def edition_file(workspace: Workspace, slug: str = SHORT) -> Path:
    """The file of one of the example editions."""
    return workspace.settings.path("editions") / slug / "edition.yaml"


def import_people(workspace: Workspace) -> None:
    """Imports the twelve example subscribers."""
    import_subscribers(
        workspace,
        ImportOrder(workspace.settings.path("subscribers.csv"), TOPIC, Basis.CONSENT, "test"),
    )


def ready_to_send(workspace: Workspace, slug: str = SHORT) -> str:
    """Imports the people and an example edition, and approves it; gives its slug."""
    import_people(workspace)
    import_edition(workspace, edition_file(workspace, slug), actor="test")
    approving.approve(workspace, slug, actor="test")
    return slug
