"""`newsletter subscribers`: the list, and the people on it."""

from __future__ import annotations

import click

from newsletter.app import people
from newsletter.audience.person import Person
from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.erase import erase
from newsletter.cli.import_lists import import_, imports_, undo_import
from newsletter.cli.list_export import export
from newsletter.cli.show import show
from newsletter.cli.table import print_table
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Basis
from newsletter.mail.addresses import parse_address

_basis = click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis]),
    callback=lambda _context, _option, value: Basis(value) if value else None,
    help="The lawful basis; else audience.basis.",
)
_topic = click.option("--topic", required=True, metavar="T", help="The topic they subscribe to.")


@click.group(cls=Group)
def subscribers() -> None:
    """Look after the list and the people on it."""


for _command in (import_, imports_, undo_import):
    subscribers.add_command(_command)


@subscribers.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List everybody, in the order in which they came."""
    with workspace() as opened:
        rows = [(one.address, one.language, one.name) for one in people.everyone(opened)]
    if as_json:
        print_json([{"email": row[0], "language": row[1], "name": row[2]} for row in rows])
    else:
        print_table(("EMAIL", "LANGUAGE", "NAME"), rows)


@subscribers.command()
@click.argument("email")
@_topic
@click.option("--language", required=True, metavar="L", help="The language the person reads.")
@_basis
@click.option("--name", default="", help="The person's name, for greetings.")
def add(email: str, topic: str, language: str, basis: Basis | None, name: str) -> None:
    """Add one person to a topic. Whoever has left or is suppressed is refused.

    Example: newsletter subscribers add sian@example.org --topic monthly-bulletin --language cy
    --basis consent
    """
    with workspace() as opened:
        joined = people.add(
            opened,
            Person(parse_address(email), name, language),
            topic,
            basis=people.lawful_basis(opened, basis),
            actor=system_user(),
        )
    click.echo(f"{email}: {joined}")


@subscribers.command()
@click.argument("email")
@click.option("--topic", metavar="T", help="From this topic.")
@click.option("--all", "everything", is_flag=True, help="From every topic.")
def unsubscribe(email: str, topic: str | None, everything: bool) -> None:
    """Unsubscribe a person who asks for it. Nothing of ours ever adds them again."""
    if everything == (topic is not None):
        raise BadInput("say which topic is left", cure="Add --topic T, or --all for every topic.")
    with workspace() as opened:
        number = people.unsubscribe(opened, email, topic, actor=system_user())
    click.echo(f"{email}: " + ("unsubscribed" if number else "had left already"))


for _command in (export, show, erase):
    subscribers.add_command(_command)
