"""The documentation tells the truth: generated pages have not drifted, commands exist and run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from newsletter.cli.main import run
from tests.reference_pages import commands, pages

ROOT = Path(__file__).parents[2]
PAGES = sorted({ROOT / "README.md", *ROOT.glob("docs/**/*.md")} - set(pages()))
_FENCE = re.compile(r"^```(?:sh|cron)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^|\s)newsletter ((?:[a-z0-9-]+)(?: [^#`\n]*)?)")
_INDENTED = re.compile(r"^ {4,}newsletter ([a-z][^\n]*)", re.MULTILINE)
_SPAN = re.compile(r"`newsletter ([^`\n]+)`")


def _quoted_commands(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for fence in _FENCE.findall(text):
        for line in fence.splitlines():
            if found := _COMMAND.search(line):
                yield found[1].strip()
    yield from (found[1].strip() for found in _INDENTED.finditer(text))
    yield from (span.strip() for span in _SPAN.findall(text))


def _resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    known = dict(commands())
    path = ["newsletter"]
    while words and " ".join((*path, words[0])) in known:
        path.append(words.pop(0))
    return known[" ".join(path)], words


@pytest.mark.parametrize(
    ("file", "text"), pages().items(), ids=lambda one: getattr(one, "name", "")
)
def test_a_generated_page_says_what_the_program_says(file: Path, text: str) -> None:
    assert file.read_text(encoding="utf-8") == text, "run `make docs`"


@pytest.mark.parametrize("name", [name for name, _ in commands()][1:])
def test_every_command_appears_in_the_docs_that_people_read(name: str) -> None:
    texts = " ".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert name in texts or name.removeprefix("newsletter ") in texts


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_in_the_docs_exists_with_its_options(page: Path) -> None:
    for quoted in _quoted_commands(page):
        words = [word for word in shlex.split(quoted) if word not in ("…", "...")]
        command, rest = _resolve(words)
        assert not isinstance(command, click.Group) or not rest, f"{page.name}: {quoted}"
        known = {option for one in command.params for option in one.opts}
        given = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert given <= known | {"--help", "--version"}, f"{page.name}: {quoted}"


def test_the_readmes_own_bulletin_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = (fence for fence in _FENCE.findall(readme) if "newsletter init" in fence)

    for line in block.splitlines():
        first, *rest = shlex.split(line)
        if first == "cd":
            monkeypatch.chdir(tmp_path / rest[0])
        else:
            assert run(rest) == 0, f"{line}\n{capsys.readouterr().err}"

    assert len(list((tmp_path / "bulletin" / "data" / "outbox" / "new").iterdir())) == 1


def test_every_link_in_the_docs_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?://|\{)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_every_command_explains_itself() -> None:
    for name, command in commands():
        assert command.help, name
        for one in command.params:
            if isinstance(one, click.Option) and not one.hidden and one.name != "help":
                assert one.help or isinstance(one.type, click.Choice) or one.metavar, (
                    f"{name} {one.opts}"
                )
