"""Lines on stderr that nobody may depend on."""

from __future__ import annotations

import contextlib

import click


def say(line: str) -> None:
    """Writes one line on stderr, if anybody takes it.

    A log that is full or a terminal that is gone stops no mail: what became of each message is
    recorded elsewhere.
    """
    with contextlib.suppress(OSError):
        click.echo(line, err=True)
