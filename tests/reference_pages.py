"""The generated pages of docs/reference: written by `make docs`, compared by a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from newsletter.cli.main import newsletter
from newsletter.composer.findings.reference import checks_page
from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.reference import sections_page
from newsletter.resources import templates_folder
from newsletter.settings.reference import settings_page

FOLDER = Path(__file__).parents[1] / "docs" / "reference"


def commands(
    command: click.Command = newsletter, path: tuple[str, ...] = ("newsletter",)
) -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, groups before their members."""
    yield " ".join(path), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            assert member is not None
            yield from commands(member, (*path, name))


def command_line_page() -> str:
    """`--help` of every command."""
    parts = ["# The command line", "What each command answers to `--help`."]
    for name, command in commands():
        context = click.Context(command, info_name=name, max_content_width=88, terminal_width=88)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


def pages() -> dict[Path, str]:
    """Each generated page with what it should say."""
    return {
        FOLDER / "checks.md": checks_page(),
        FOLDER / "command-line.md": command_line_page(),
        FOLDER / "sections.md": sections_page(load_catalogue([templates_folder()])),
        FOLDER / "settings.md": settings_page(),
    }


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
