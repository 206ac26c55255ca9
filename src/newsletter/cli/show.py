"""`newsletter subscribers show`: a person's whole story."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.command import Command, json_option, print_json, system_user, workspace


@click.command(cls=Command)
@click.argument("email")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write there what the person gets who asks what is held of them.",
)
@json_option
def show(email: str, out: Path | None, as_json: bool) -> None:
    """Tell a person's whole story: who, what they get and why, and all that ever happened.

    "Why did I get this?" is in the person's language, ready to be sent to them. With --out, all of
    it goes into person.json and, in the person's language, person.txt.
    """
    from newsletter.app import telling

    with workspace() as opened:
        told = telling.story(opened, email)
        files = telling.write_story(opened, told, out, actor=system_user()) if out else []
        if as_json:
            print_json(telling.story_json(opened, told))
        elif not out:
            click.echo(telling.story_for_staff(opened, told), nl=False)
    for file in files:
        click.echo(f"Written: {file}", err=as_json)
