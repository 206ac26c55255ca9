"""PyPI’s “mjml” installs into the folder of “mjml-python”: composing says so when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from newsletter.composer.markup.engine import load_engine
from newsletter.domain.errors import SurroundingsFailed


def test_the_engine_makes_html() -> None:
    assert load_engine()("<mjml><mj-body></mj-body></mjml>").startswith("<!doctype html>")


def test_an_overwritten_engine_is_told_from_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    other = ModuleType("mjml")
    monkeypatch.setitem(sys.modules, "mjml", other)

    with pytest.raises(SurroundingsFailed, match="cannot be loaded"):
        load_engine()

    other.mjml2html = ModuleType("mjml.mjml2html")  # type: ignore[attr-defined]

    with pytest.raises(SurroundingsFailed, match="“mjml” has overwritten “mjml-python”"):
        load_engine()


def test_the_command_line_says_it_in_two_plain_lines(tmp_path: Path) -> None:
    (tmp_path / "mjml").mkdir()
    (tmp_path / "mjml" / "__init__.py").write_text("from . import mjml2html", encoding="utf-8")
    (tmp_path / "mjml" / "mjml2html.py").touch()
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv[1:] = ['check', 'x']"

    run = subprocess.run(
        [sys.executable, "-c", f"{program}; from newsletter.__main__ import main; main()"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    lines = run.stderr.splitlines()
    assert run.returncode == 3
    assert len(lines) == 2
    assert "mjml-python" in lines[0]
    assert lines[1] == "Run: pip uninstall mjml; pip install --force-reinstall mjml-python"
