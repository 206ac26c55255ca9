"""A workspace as its owner makes it on the command line: the first edition, approved, for three."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newsletter.cli.main import run

SLUG = "first-edition"
PEOPLE = ("eleri@example.org", "dai@example.org", "sian@example.org")


def make_bulletin(folder: Path, *more: Sequence[str]) -> Path:
    """Makes it in `folder`, for three people, then types `more` lines; gives the folder."""
    there = ["--config", str(folder / "newsletter.toml")]
    reader = ["--topic", "monthly-bulletin", "--language", "en", "--basis", "consent"]
    lines = [
        ["init", str(folder)],
        *(["subscribers", "add", email, *reader, *there] for email in PEOPLE),
        ["edition", "import", str(folder / "editions" / SLUG / "edition.yaml"), *there],
        ["edition", "approve", SLUG, *there],
        *([*line, *there] for line in more),
    ]
    assert [run(line) for line in lines] == [0] * len(lines)
    return folder
