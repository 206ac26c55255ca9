"""`newsletter archive`: the editions that anybody may read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.command import Group, json_option, print_json, workspace

if TYPE_CHECKING:
    from newsletter.app.archive.export_folder import Exported
    from newsletter.app.workspace import Workspace


@click.group(cls=Group)
def archive() -> None:
    """The public archive: every edition that was sent to a topic that is not private."""


@archive.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@json_option
def export(folder: Path, dry_run: bool, as_json: bool) -> None:
    """Write the archive as a site of its own, which any web server can show, and a browser from a
    disk, without this program.

    DIR is new, empty, or one that was exported to before: then only what has changed is written,
    and what is public no more is taken away. While newsletter-archive.json in it says "complete":
    false, an export is under way or was broken off; run it again.

    Example: newsletter archive export public
    """
    with workspace() as opened:
        exported = _export(opened, folder, is_rehearsal=dry_run)
    if as_json:
        print_json({"folder": str(folder.resolve()), "dry_run": dry_run} | asdict(exported))
        return
    would = "would be " if dry_run else ""
    click.echo(
        f"{folder}: {exported.files} files, {exported.written} of them {would}written,"
        f" {exported.removed} others {would}removed"
    )


def _export(opened: Workspace, folder: Path, *, is_rehearsal: bool) -> Exported:
    from newsletter.app.archive.export_folder import open_folder
    from newsletter.cli.progress_bar import progress_bar
    from newsletter.cli.public_site import house, public_site
    from newsletter.web.static_archive.static_archive import read_archive

    place = open_folder(folder)  # before anything long is done
    site = house(opened.settings, listening_on="127.0.0.1")
    with progress_bar("pages read") as told:
        found = read_archive(public_site(opened, listening_on="127.0.0.1"), site, told)
    if is_rehearsal:
        return place.compare(found.names, found.content)
    with progress_bar("files written") as told:
        return place.write(found.names, found.content, told)
