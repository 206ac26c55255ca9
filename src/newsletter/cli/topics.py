"""`newsletter topics`: what people subscribe to."""

from __future__ import annotations

from collections.abc import Iterable

import click

from newsletter.app.topic_list import add_topic, all_topics, offered_topics
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


@topics.command()
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@click.option("--language", metavar="L", help="The language of the form; else the site's first.")
def form(slugs: tuple[str, ...], language: str | None) -> None:
    """Print a sign-up form to put into a page of another website.

    It offers the topics named, or all public ones. It is plain HTML without script or style, and
    sends what people fill in to your own sign-up page, which asks them to press the button there.

    Example: newsletter topics form monthly-bulletin --language cy
    """
    # Imported here: only the pages load the templates.
    from newsletter.cli.public_site import house
    from newsletter.web.embedded_form import embedded_form

    with workspace() as opened:
        languages = opened.settings.site.languages
        if language is not None and language not in languages:
            raise BadInput(
                f'the site has no language "{language}"',
                where="--language",
                cure=f"Its languages are: {', '.join(languages)}.",
            )
        offered = offered_topics(opened, slugs)
        site = house(opened.settings, listening_on=opened.settings.web.listen)
    click.echo(embedded_form(site, offered, language or languages[0]))


def _names(given: Iterable[str]) -> dict[str, str]:
    names = {}
    for one in given:
        language, separator, text = one.partition("=")
        if not separator:
            raise BadInput(f'"{one}" names no language', cure='Write --name "en=Bulletin".')
        names[language.strip()] = text.strip()
    return names
