"""The `newsletter` command: its groups, and how an error becomes plain lines and an exit code."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from importlib import import_module
from types import MappingProxyType

import click

from newsletter import __version__
from newsletter.cli.command import Group, print_json
from newsletter.domain.errors import BadInput, NewsletterError, Refused, SurroundingsFailed

_STOPPED = 130
"""What a shell answers for a command that Ctrl-C ended."""


class _Commands(Group):
    """The commands, each imported when it is asked for.

    Cron runs `send due` every minute, and only composing needs the composer's libraries.
    """

    _PLACES = MappingProxyType(
        {
            "demo": "newsletter.cli.demo.command",
            "init": "newsletter.cli.init",
            "sections": "newsletter.cli.compose",
            "compose": "newsletter.cli.compose",
            "check": "newsletter.cli.compose",
            "edition": "newsletter.cli.edition",
            "subscribers": "newsletter.cli.subscribers",
            "topics": "newsletter.cli.topics",
            "suppressions": "newsletter.cli.suppressions",
            "segments": "newsletter.cli.segments",
            "send": "newsletter.cli.send",
            "report": "newsletter.cli.report",
            "archive": "newsletter.cli.archive",
            "dkim-key": "newsletter.cli.dkim_key",
            "keys": "newsletter.cli.keys",
            "retention": "newsletter.cli.retention",
            "worker": "newsletter.cli.worker",
            "serve": "newsletter.cli.serve",
            "db": "newsletter.cli.db",
        }
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer meets them."""
        return list(self._PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in self._PLACES:
            return None
        module = import_module(self._PLACES[cmd_name])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsletter")
def newsletter() -> None:
    """Compose a bilingual newsletter and send it to your own list.

    Begin with `newsletter demo` to see it all happen, or `newsletter init DIR` to make a workspace.

    Exit codes: 0 yes; 1 the answer is no; 2 bad input or usage; 3 database, relay or disk failed.
    """


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
    except Exception as error:  # the last net: nobody is shown a traceback unasked
        if "--debug" in arguments:
            traceback.print_exc()
        if "--json" in arguments and isinstance(error, Refused):
            print_json(error.as_json())
        return _explain(error)
    return 0


def _explain(error: Exception) -> int:
    if isinstance(error, click.ClickException):
        error.show()
        return BadInput.exit_code
    if isinstance(error, NewsletterError):
        click.echo(str(error), err=True)
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        return SurroundingsFailed.exit_code  # whoever read our output has gone; nobody to tell
    if isinstance(error, OSError) and error.strerror:
        click.echo(f"{error.filename or 'The system says'}: {error.strerror}", err=True)
    else:
        click.echo(f"The program itself failed: {type(error).__name__}: {error}", err=True)
        click.echo("Run the command again with --debug and report what it prints.", err=True)
    return SurroundingsFailed.exit_code
