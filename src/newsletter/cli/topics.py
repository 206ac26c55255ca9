"""`newsletter topics`: what people subscribe to."""

from __future__ import annotations

from collections.abc import Iterable

import click

from newsletter.app.topic_list import add_topic, all_topics
from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.table import print_table
from newsletter.domain.errors import BadInput


@click.group(cls=Group)
def topics() -> None:
    """The topics that people subscribe to."""


@topics.command()
@click.argument("slug")
@click.option(
    "--name", "names", multiple=True, required=True, metavar="LANG=TEXT", help="Once per language."
)
@click.option("--private", is_flag=True, help="Only those who have it ever see it.")
def add(slug: str, names: tuple[str, ...], private: bool) -> None:
    """Add a topic. Its slug stands in List-ID and never changes.

    Example: newsletter topics add monthly-bulletin --name "en=Monthly bulletin" --name "cy=Bwletin
    misol"
    """
    with workspace() as opened:
        add_topic(opened, slug, names=_names(names), private=private, actor=system_user())
    click.echo(f"{slug}: added")


@topics.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the topics."""
    with workspace() as opened:
        found = all_topics(opened)
    if as_json:
        print_json(
            [{"topic": one.slug, "names": one.names, "private": one.private} for one in found]
        )
        return
    print_table(
        ("TOPIC", "NAMES", ""),
        [
            (one.slug, " / ".join(one.names.values()), "private" if one.private else "")
            for one in found
        ],
    )


def _names(given: Iterable[str]) -> dict[str, str]:
    names = {}
    for one in given:
        language, separator, text = one.partition("=")
        if not separator:
            raise BadInput(f'"{one}" names no language', cure='Write --name "en=Bulletin".')
        names[language.strip()] = text.strip()
    return names
