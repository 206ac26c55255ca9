"""The `newsletter` command: its groups, and how an error becomes plain lines and an exit code."""

from __future__ import annotations

from collections.abc import Sequence

import click

from newsletter import __version__
from newsletter.cli.command import Group
from newsletter.cli.compose import check, compose, sections
from newsletter.cli.db import db
from newsletter.cli.demo.command import demo
from newsletter.cli.edition import edition
from newsletter.cli.init import init
from newsletter.cli.send import send
from newsletter.cli.serve import serve
from newsletter.cli.subscribers import subscribers
from newsletter.cli.suppressions import suppressions
from newsletter.cli.topics import topics
from newsletter.domain.errors import BadInput, NewsletterError, SurroundingsFailed

_STOPPED = 130
"""What a shell answers for a command that Ctrl-C ended."""


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsletter")
def newsletter() -> None:
    """Compose a bilingual newsletter and send it to your own list.

    Begin with `newsletter demo` to see it all happen, or `newsletter init DIR` to make a workspace.

    Exit codes: 0 yes; 1 the answer is no; 2 bad input or usage; 3 database, relay or disk failed.
    """


for _command in (
    demo,
    init,
    sections,
    compose,
    check,
    edition,
    subscribers,
    topics,
    suppressions,
    send,
    serve,
    db,
):
    newsletter.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code; errors are plain lines on stderr."""
    try:
        with newsletter.make_context("newsletter", list(arguments)) as context:
            newsletter.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return _STOPPED
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _explain(error)
    return 0


def _explain(error: Exception) -> int:
    if isinstance(error, click.ClickException):
        error.show()
        return BadInput.exit_code
    if isinstance(error, NewsletterError):
        click.echo(str(error), err=True)
        return error.exit_code
    if not isinstance(error, BrokenPipeError):  # whoever read our output has gone; nobody to tell
        click.echo(f"The program itself failed: {type(error).__name__}: {error}", err=True)
        click.echo("Run the command again with --debug and report what it prints.", err=True)
    return SurroundingsFailed.exit_code
