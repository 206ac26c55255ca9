"""What every command shares: --config and --debug at any place on the line, and who is asking."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.domain.suggestions import nearest

if TYPE_CHECKING:
    from newsletter.app.workspace import Workspace

_CONFIG = "newsletter.config"
_LONGEST_NAME = 200
"""Most characters of an actor's name that the ledgers have room for."""


def _remember(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.find_root().meta[_CONFIG] = value


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The workspace's newsletter.toml.",
            expose_value=False,
            callback=_remember,
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            help="Show the traceback of an error.",
            expose_value=False,
        ),
    ]


class Command(click.Command):
    """A command that takes --config and --debug like all others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature
        super().__init__(*args, **kwargs)
        self.params.extend(_shared_options())


class Group(click.Group):
    """A group whose commands all take --config and --debug."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature
        super().__init__(*args, **kwargs)
        self.params.extend(_shared_options())

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the line names; a misspelt one is refused with what may be meant."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = nearest(args[0], self.list_commands(ctx))
            suggestion = f" Did you mean {near}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{suggestion}")
        return super().resolve_command(ctx, args)


def _a_name(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and len(value) > _LONGEST_NAME:
        raise click.BadParameter(f"at most {_LONGEST_NAME} characters are kept of a name.")
    return value


by_option = click.option(
    "--by", metavar="NAME", callback=_a_name, help="Who does it; else the system user."
)
as_imported_option = click.option(
    "--as-imported", is_flag=True, help="Go on although the file has changed since its import."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def config() -> Path | None:
    """The file given with --config, wherever on the line."""
    return click.get_current_context().find_root().meta.get(_CONFIG)


@contextmanager
def workspace() -> Iterator[Workspace]:
    """The workspace that the command is about."""
    # Imported here: it loads the database's library, and composing needs no database.
    from newsletter.app.workspace import open_workspace

    with open_workspace(config()) as opened:
        yield opened


def system_user() -> str:
    """Who is asking, for the audit; by number where this machine has no name for them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"uid {os.getuid()}"


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def print_json(value: object) -> None:
    """Prints one JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
