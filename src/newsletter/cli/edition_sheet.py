"""`newsletter edition sheet`: what goes out, to whom, approved by whom, to print or to file."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.command import Command, json_option, print_json, workspace


@click.command(cls=Command)
@click.argument("slug")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write there, in HTML."
)
@click.option("--language", metavar="L", help="Of the sheet itself; else the site's first.")
@json_option
def sheet(slug: str, out: Path | None, language: str | None, as_json: bool) -> None:
    """Write the sheet of an edition: all that goes out, to print or to file.

    It shows every language as HTML, at the widths of a computer and a phone, and as plain text,
    with all links; how many readers there are; what the checks say; and who approved it. Of an
    approved edition it shows the approved copy, of another the newest revision. The file stands
    alone; open it in a browser and print it.

    Example: newsletter edition sheet 2026-10 --out 2026-10.html
    """
    # Imported here: other commands do without the composer and the templates.
    from newsletter.app.edition_sheet.sheet import write_sheet

    with workspace() as opened:
        written = write_sheet(opened, slug, language=language, out=out)
    if as_json:
        print_json(written.as_json())
    else:
        click.echo(written.file)
