"""`newsletter dkim-key`: a key that signs the mail, and what to do with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.command import (
    Command,
    config,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.domain.errors import BadInput
from newsletter.settings.reading import find_settings_file, read_settings

if TYPE_CHECKING:
    from newsletter.app.dkim_keys import ShownKey

_SHORTEST, _LONGEST = 2048, 4096
_AFTERWARDS = (
    "Leave the record of {selector} in the DNS for a week, since mail that it signed is still\n"
    "   under way. Then make its value `v=DKIM1; p=`, which says that the key is no more, and\n"
    "   delete the key's file."
)


@click.command(cls=Command)
@click.option("--selector", metavar="S", help="Its name in the DNS; else of this month.")
@click.option("--ed25519", is_flag=True, help="A second key, for a second signature.")
@click.option(
    "--bits",
    type=click.IntRange(_SHORTEST, _LONGEST),
    metavar="N",
    help=f"The length of an RSA key; {_SHORTEST} unless given, which is enough.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to put it; not needed."
)
@click.option("--show", is_flag=True, help="Make none: show the DNS records of those in use.")
@json_option
def dkim_key(
    selector: str | None,
    ed25519: bool,
    bits: int | None,
    out: Path | None,
    show: bool,
    as_json: bool,
) -> None:
    """Make a key that signs your mail (DKIM), and say what to put into the DNS and the settings.

    Nothing changes until you name the key in newsletter.toml, so make it, publish it, and use it
    when the DNS has it. To change to a new key do the same again: docs/operator/signing.md tells
    how. The key is in a file that only you can read; it is never written over and never shown.

    Example: newsletter dkim-key
    """
    if show:
        _show(is_alone=not (selector or ed25519 or bits or out), as_json=as_json)
        return
    if ed25519 and bits:
        raise BadInput("--bits is for RSA keys; Ed25519 ones have one length", cure="Leave it out.")
    # Imported here, in both: it loads the database's library, and that of keys.
    from newsletter.app.dkim_keys import KeyOrder, make_key
    from newsletter.mail.dkim.private_keys import KeyKind

    kind = KeyKind.ED25519 if ed25519 else KeyKind.RSA
    with workspace() as opened:
        made = make_key(opened, KeyOrder(kind, bits, selector, out), actor=system_user())
    if as_json:
        print_json(made.as_json())
    else:
        click.echo("\n".join(_what_to_do(made)))


def _show(*, is_alone: bool, as_json: bool) -> None:
    from newsletter.app.dkim_keys import shown_keys

    if not is_alone:
        raise BadInput("--show makes no key", cure="Leave the other options out.")
    keys = shown_keys(read_settings(find_settings_file(config(), os.environ)))
    if as_json:
        print_json([key.as_json() for key in keys])
    else:
        click.echo("\n\n".join("\n".join(_record(key)) for key in keys))


def _what_to_do(key: ShownKey) -> Iterator[str]:
    length = f" of {key.bits} bits" if key.bits else ""
    yield f"Made a key{length}: {key.file}. Only you can read it. Nothing is signed with it yet."
    yield f"\n1. Put this record into the DNS of {key.domain}, or have it put there:\n"
    yield from _record(key)
    yield "\n2. Wait until the DNS has it everywhere: an hour, or a day where it takes that long."
    yield "\n3. Then write into newsletter.toml, under [dkim]:\n"
    yield from (f'   {name} = "{value}"' for name, value in key.settings.items())
    yield "\n   From then on it signs. Look at a message: newsletter send test SLUG --to YOU"
    if key.replaces:
        yield f"\n4. {_AFTERWARDS.format(selector=key.replaces)}"


def _record(key: ShownKey) -> Iterator[str]:
    yield f"   Name   {key.record.name}"
    yield "   Type   TXT"
    yield f"   Value  {key.record.value}"
    yield "\n   The value is one line, as web forms want it. In a zone file the same is:\n"
    yield from (f"   {line}" for line in key.record.zone_lines())
