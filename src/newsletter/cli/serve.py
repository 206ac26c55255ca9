"""`newsletter serve`: the public pages, and what readers ask for on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import dictConfig
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from newsletter.cli.command import Command, workspace
from newsletter.cli.listening import listen, shown
from newsletter.cli.stderr_lines import say
from newsletter.settings.values import host_and_port

if TYPE_CHECKING:
    from newsletter.app.chores_thread import ChoresThread
    from newsletter.app.workspace import Workspace

_LONGEST_LINE = 200
_CURE = "Name another place with --listen, or stop what listens there."


@click.command(cls=Command)
@click.option(
    "--listen",
    "place",
    metavar="HOST:PORT",
    callback=lambda _context, _option, value: _checked(value),
    help="Where to listen; else web.listen.",
)
def serve(place: str | None) -> None:
    """Serve the pages that readers reach: sign-up, preferences, leaving, past editions, pictures.

    Sends what people ask for on them, too: confirmations and links, by the relay of the settings.
    Speaks plain HTTP and belongs behind a web server that speaks HTTPS; docs/operator/serving.md
    has examples. On SIGTERM it finishes what is under way and ends.

    Example: newsletter serve --listen 127.0.0.1:8000
    """
    with workspace() as opened:
        _ = opened.tokens  # without keys no link works, and nobody could leave
        host, port = host_and_port(place or opened.settings.web.listen)
        with listen(host, port, cure=_CURE) as listening, _chores(opened) as chores:
            # Imported here: all other commands do without.
            from newsletter.cli.public_site import public_site
            from newsletter.cli.stopping_signals import catch_signals
            from newsletter.web.access_log import masked_log_config
            from newsletter.web.site_server import SiteServer

            dictConfig(masked_log_config())
            site = public_site(opened, listening_on=host, wake=chores.wake)
            server = SiteServer(site, listening)
            say(f"Serving {opened.settings.site.base_url} on http://{shown(host, port)}")
            for line in _warnings(opened):
                say(f"Warning: {line}")
            with catch_signals() as stopping, stopping.telling(server.stop):
                server.serve_until_stopped()


@contextmanager
def _chores(opened: Workspace) -> Iterator[ChoresThread]:
    """The thread that does what readers ask for, for the block."""
    from newsletter.app.chores import run_chores
    from newsletter.app.chores_thread import ChoresThread

    chores = ChoresThread(lambda stopping: run_chores(opened, stopping=stopping))
    chores.start()
    try:
        yield chores
    finally:
        chores.stop()


def _warnings(opened: Workspace) -> Iterator[str]:
    """What readers would notice, and whoever runs this should know before."""
    from newsletter.app.statements import Statements

    if not opened.relays:
        yield "no relay is set (relay.url), so confirmations and links that people ask for wait."
    for line in Statements(opened.settings).unfilled():
        yield shorten(line, _LONGEST_LINE, placeholder=" …")


def _checked(value: str | None) -> str | None:
    if value is not None:
        try:
            host_and_port(value)
        except ValueError as error:
            raise click.BadParameter(f"{value!r}: {error}") from None
    return value
