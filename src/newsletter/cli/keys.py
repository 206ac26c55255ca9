"""`newsletter keys`: the keys that sign the links in the mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from newsletter.cli.command import Group, json_option, print_json, system_user, workspace
from newsletter.cli.table import print_table

if TYPE_CHECKING:
    from newsletter.app.link_keys import LinkKey


@click.group(cls=Group)
def keys() -> None:
    """The keys that sign the links in your mail, so that nobody can make one up.

    The newest signs; all of them read, so that links in old mail go on working. (The key that signs
    the mail itself is another: `newsletter dkim-key`.)
    """


@keys.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the keys by number, with a fingerprint by which two files can be compared.

    Example: newsletter keys list
    """
    # Imported here, in both: it loads the database's library.
    from newsletter.app.link_keys import link_keys

    with workspace() as opened:
        found = link_keys(opened)
    if as_json:
        print_json([key.as_json() for key in found])
    else:
        _print(found)


@keys.command()
@json_option
def add(as_json: bool) -> None:
    """Add a key, which signs every link from now on; the ones there are go on reading.

    Nothing has to be started anew. No key is ever removed: links in mail that it signed would stop
    working, and people could not leave.

    Example: newsletter keys add
    """
    from newsletter.app.link_keys import add_link_key

    with workspace() as opened:
        found, file = add_link_key(opened, actor=system_user()), opened.keys_file
    if as_json:
        print_json([key.as_json() for key in found])
        return
    _print(found)
    click.echo(f"\nBack up {file} now. Without the new key, links in mail from now on do not work.")


def _print(found: Sequence[LinkKey]) -> None:
    rows = [(str(key.id), key.fingerprint, "signs now" if key.is_active else "") for key in found]
    print_table(("KEY", "FINGERPRINT", ""), rows)
