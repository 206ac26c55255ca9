"""Where the files that lie outside the package are: beside it in a wheel, else in the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    # Beside the package first: an installed wheel must not read a checkout that happens to be near.
    beside = _PACKAGE / "_assets" / name
    return beside if beside.is_dir() else _PACKAGE.parents[1] / name


def templates_folder() -> Path:
    """The e-mail templates that the program ships: `layout/`, `sections/`."""
    return _folder("templates") / "email"


def pages_folder() -> Path:
    """The texts of public pages that the program ships, which a workspace fills in."""
    return _folder("templates") / "pages"


def migrations_folder() -> Path:
    """The Alembic migrations."""
    return _folder("migrations")


def examples_folder() -> Path:
    """The example workspace."""
    return _folder("examples")
