"""Workspaces with an edition that may go, made once and then copied."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder
from newsletter.domain.people import Basis
from tests.torture.senders import Senders
from tests.workspaces import SHORT, TOPIC, a_workspace, edition_file

CONNECTIONS = 10
"""What the program opens to a relay by itself."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the edition goes to: so many made-up people."""

    size: int

    @property
    def addresses(self) -> list[str]:
        """Everybody, as they are written to."""
        return [f"reader{number:05d}@example.org" for number in range(self.size)]

    def write(self, file: Path) -> None:
        """Writes the list of them, every other one Welsh-speaking."""
        rows = [
            f"{address},{'cy' if number % 2 else 'en'}"
            for number, address in enumerate(self.addresses)
        ]
        file.write_text("\n".join(["email,language", *rows]) + "\n", encoding="utf-8")


def make_template(folder: Path, audience: Audience) -> Path:
    """A workspace in `folder` that the program itself has made, its edition approved."""
    with a_workspace(folder) as workspace:
        listed = folder / "readers.csv"
        audience.write(listed)
        import_subscribers(workspace, ImportOrder(listed, TOPIC, Basis.CONSENT, "test"))
        import_edition(workspace, edition_file(workspace), actor="test")
        approving.approve(workspace, SHORT, actor="test")
    return folder


def copy_template(template: Path, folder: Path, relay: str, senders: Senders) -> Path:
    """A copy that has been adopted, its edition due; gives its settings file."""
    shutil.copytree(template, folder)
    config = folder / "newsletter.toml"
    table = f'\n[relay]\nurl = "{relay}"\nconnections = {CONNECTIONS}\n'
    config.write_text(config.read_text(encoding="utf-8") + table, encoding="utf-8")
    for words in (("db", "adopt"), ("edition", "schedule", SHORT, "--at", "now")):
        command = senders.forked(config, *words)
        assert command.end() == 0, command.said
        command.forget()
    return config
