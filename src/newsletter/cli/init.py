"""`newsletter init`: making a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.app.new_workspace import FIRST_EDITION, make_workspace
from newsletter.cli.command import Command, system_user


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a workspace in DIR: settings, a brand, a first edition, keys and a database.

    Asks nothing. Every setting is explained in newsletter.toml.

    Example: newsletter init bulletin
    """
    settings = make_workspace(folder, actor=system_user())
    edition = settings.folder / "editions" / FIRST_EDITION / "edition.yaml"
    click.echo(f"Made a workspace in {settings.folder}. Next:")
    click.echo(f"  1. Read and change {settings.folder / 'newsletter.toml'}.")
    click.echo(
        f"  2. Put your own name, colours and logo into {settings.folder / 'brand'};"
        " what is there now belongs to an invented body."
    )
    click.echo(f"  3. Look at the first edition: newsletter compose {edition}")
