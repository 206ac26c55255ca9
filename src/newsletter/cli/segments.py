"""`newsletter segments`: saved rules for whom an edition, or a section of one, is."""

from __future__ import annotations

import click

from newsletter.app.segmenting import add_segment, all_segments, count_segment, remove_segment
from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.table import print_table


@click.group(cls=Group)
def segments() -> None:
    """Saved rules for whom an edition, or a section of one, is."""


@segments.command()
@click.argument("name")
@click.argument("rule")
@click.option("--replace", is_flag=True, help="Put it in the place of the segment of that name.")
@json_option
def add(name: str, rule: str, replace: bool, as_json: bool) -> None:
    """Save a RULE as the segment NAME. Editions that are approved keep the rule that they have.

    A rule asks language, format, name, topic, subscribed and the attributes of your settings; put
    it in single quotation marks.

    Example: newsletter segments add mid-wales 'language = cy and county in ("Powys", "Ceredigion")'
    """
    with workspace() as opened:
        saved = add_segment(opened, name, rule, replace=replace, actor=system_user())
    if as_json:
        print_json({"segment": saved.name, "rule": saved.rule})
    else:
        click.echo(f"{saved.name}: {saved.rule}")


@segments.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the segments with their rules."""
    with workspace() as opened:
        found = all_segments(opened)
    if as_json:
        print_json([{"segment": one.name, "rule": one.rule} for one in found])
    else:
        print_table(("SEGMENT", "RULE"), [(one.name, one.rule) for one in found])


@segments.command()
@click.argument("asked", metavar="NAME|RULE")
@click.option("--topic", "topic_slug", required=True, metavar="T", help="Of whose subscribers.")
@json_option
def count(asked: str, topic_slug: str, as_json: bool) -> None:
    """Count a topic's readers in the segment NAME, or by a RULE, in each language.

    Example: newsletter segments count 'county is not set' --topic monthly-bulletin
    """
    with workspace() as opened:
        counted = count_segment(opened, asked, topic_slug)
    if as_json:
        print_json(counted.as_json())
        return
    languages = ", ".join(f"{number} {name}" for name, number in counted.languages.items())
    click.echo(f"{counted.count} readers of {topic_slug} ({languages}): {counted.rule}")


@segments.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove the segment NAME; not while an edition that is not over uses it."""
    with workspace() as opened:
        remove_segment(opened, name, actor=system_user())
    click.echo(f"{name}: removed")
