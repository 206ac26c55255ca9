"""The wheel holds all that the program needs: it works installed, with no checkout near."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel installed into it, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    _run(
        "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)
    )
    return target


def _run(
    *arguments: str, cwd: Path | None = None, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")
    }
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr + result.stdout
    return result


def test_the_installed_program_is_the_wheels_own(installed: Path, tmp_path: Path) -> None:
    code = "import newsletter.resources as r; print(r.__file__, r.templates_folder())"

    printed = _run("-c", code, cwd=tmp_path, path=installed).stdout

    assert printed.count(str(installed)) == 2
    assert str(ROOT / "src") not in printed


def test_the_wheel_makes_a_workspace_and_composes_its_first_edition(
    installed: Path, tmp_path: Path
) -> None:
    _run("-m", "newsletter", "init", "bulletin", cwd=tmp_path, path=installed)

    edition = tmp_path / "bulletin" / "editions" / "first-edition" / "edition.yaml"
    answer = _run(
        "-m", "newsletter", "compose", str(edition), "--json", cwd=tmp_path, path=installed
    )

    composed = json.loads(answer.stdout)
    assert composed["findings"] == []
    assert all(Path(one["html"]).is_file() for one in composed["languages"].values())


def test_the_wheel_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    answer = _run("-m", "newsletter", "demo", "--once", "--json", cwd=tmp_path, path=installed)

    steps = json.loads(answer.stdout)["steps"]
    assert all(step["ok"] for step in steps)
    assert list(tmp_path.iterdir()) == []


def test_the_locked_requirements_name_no_index_and_hash_everything() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text(encoding="utf-8")

        assert "://" not in text
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert all("==" in line for line in pinned)
        assert text.count("--hash=sha256:") >= len(pinned)


def test_every_file_has_one_reason_to_exist_and_stays_readable() -> None:
    for file in (ROOT / "src").rglob("*.py"):
        assert file.name not in {"utils.py", "helpers.py", "common.py", "misc.py"}
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= (500 if file.name == "schema.py" else 300), file.name


def test_what_cron_starts_every_minute_loads_nothing_of_the_composer(tmp_path: Path) -> None:
    _run("-m", "newsletter", "init", "bulletin", cwd=tmp_path)
    code = (
        "import sys; from newsletter.cli.main import run; print(run(['send', 'due']));"
        " print(sorted(name for name in sys.modules if name.startswith('newsletter.composer')))"
    )

    printed = _run("-c", code, cwd=tmp_path / "bulletin").stdout

    assert printed.split() == ["0", "[]"]
