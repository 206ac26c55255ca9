"""`newsletter subscribers`: the list, and the people on it."""

from __future__ import annotations

import click

from newsletter.app import people
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.erase import erase
from newsletter.cli.import_lists import import_, imports_, undo_import
from newsletter.cli.list_export import export
from newsletter.cli.show import show
from newsletter.cli.table import print_table
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Basis, ConsentSource, MailFormat, Wording
from newsletter.mail.addresses import parse_address


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
@click.option("--topic", required=True, metavar="T", help="The topic they subscribe to.")
@click.option("--language", required=True, metavar="L", help="The language the person reads.")
@click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis]),
    help="The lawful basis; else audience.basis.",
)
@click.option("--name", default="", help="The person's name, for greetings.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in MailFormat]),
    help="How they want their mail; html if nothing is said.",
)
@click.option(
    "--attribute", "pairs", multiple=True, metavar="NAME=VALUE", help="What else is known of them."
)
@click.option(
    "--source",
    default=ConsentSource.STAFF_ADD.value,
    metavar="S",
    help="Where they asked for it, such as a form.",
)
@click.option("--wording", default="", metavar="W", help="What the person was told.")
@click.option("--wording-language", default="", metavar="L", help="The wording's language.")
@click.option("--wording-version", default="", metavar="V", help="The wording's version.")
@json_option
def add(
    email: str,
    topic: str,
    language: str,
    basis: str | None,
    name: str,
    form: str | None,
    pairs: tuple[str, ...],
    source: str,
    wording: str,
    wording_language: str,
    wording_version: str,
    as_json: bool,
) -> None:
    """Add one person to a topic. Whoever has left, is suppressed or was erased is refused.

    Example: newsletter subscribers add sian@example.org --topic monthly-bulletin --language cy
    --basis consent --source "form at the fair" --attribute county=Powys
    """
    told = Wording(wording, wording_language, wording_version) if wording else None
    with workspace() as opened:
        lawful = people.lawful_basis(opened, Basis(basis) if basis else None)
        attributes = people.given_attributes(opened, pairs)
        format_ = MailFormat(form) if form else None
        person = Person(parse_address(email), name, language, format_, attributes)
        grounds = Grounds(lawful, source, told, system_user(), opened.now())
        joined = people.add(opened, person, topic, grounds)
    if as_json:
        print_json({"email": email, "topic": topic, "outcome": joined})
    else:
        click.echo(f"{email}: {joined}")


@subscribers.command()
@click.argument("email")
@click.option("--topic", metavar="T", help="From this topic.")
@click.option("--all", "everything", is_flag=True, help="From every topic.")
@json_option
def unsubscribe(email: str, topic: str | None, everything: bool, as_json: bool) -> None:
    """Unsubscribe a person who asks for it. Nothing of ours ever adds them again."""
    if everything == (topic is not None):
        raise BadInput("say which topic is left", cure="Add --topic T, or --all for every topic.")
    with workspace() as opened:
        number = people.unsubscribe(opened, email, topic, actor=system_user())
    if as_json:
        print_json({"email": email, "topics_left": number})
    else:
        click.echo(f"{email}: " + ("unsubscribed" if number else "had left already"))


for _command in (export, show, erase):
    subscribers.add_command(_command)
