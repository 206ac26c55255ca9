"""Reading the settings, and naming every fault in them by key, value and cure."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from newsletter.domain.errors import BadInput, Fault, FaultyFile, SurroundingsFailed
from newsletter.domain.suggestions import nearest
from newsletter.settings.model import FileSettings, Settings

FILE_NAME = "newsletter.toml"
_SHORT_RELAY = "NEWSLETTER_RELAY_URL"
_NAME_A_RELAY = (_SHORT_RELAY, "NEWSLETTER_RELAY__URL")
_FILE_ONLY = {
    "NEWSLETTER_CHECKS": (
        "the level of a check",
        "Write it in newsletter.toml, under [checks.RULE], with its reason.",
    ),
    "NEWSLETTER_ATTRIBUTES": (
        "an attribute",
        "Declare it in newsletter.toml, under [attributes.NAME].",
    ),
    "NEWSLETTER_RELAYS": (
        "one of several relays",
        "Write it in newsletter.toml, under a [[relays]] of its own; NEWSLETTER_RELAY_URL names one"
        " in place of all.",
    ),
    "NEWSLETTER_RECEIVERS": (
        "what a receiver takes",
        'Write it in newsletter.toml, under [receivers."DOMAIN"].',
    ),
}
"""What has to be where everybody who reads newsletter.toml sees it, with what to call it there."""
_PRIVATE_TABLES = ("relay", "relays", "database")
"""The tables whose values are never shown: their URLs hold passwords (X13)."""


def find_settings_file(given: Path | None, environment: Mapping[str, str]) -> Path:
    """The settings file: the one given, else NEWSLETTER_CONFIG, else ./newsletter.toml.

    Raises BadInput when there is none, since then there is no workspace.
    """
    named = given or (Path(path) if (path := environment.get("NEWSLETTER_CONFIG")) else None)
    file = named or Path.cwd() / FILE_NAME
    if not file.is_file():
        what = f"no settings file {file}" if named else f"no {FILE_NAME} here, so no workspace"
        raise BadInput(
            what,
            cure="Make a workspace with `newsletter init DIR`, or name one with --config FILE.",
        )
    return file.resolve()


def find_settings_file_above(start: Path) -> Path | None:
    """The nearest newsletter.toml in `start`, its folder or one above it, or None."""
    folder = start.resolve()
    candidates = (parent / FILE_NAME for parent in (folder, *folder.parents))
    return next((file for file in candidates if file.is_file()), None)


def read_settings(file: Path, *, use_environment: bool = True) -> Settings:
    """The settings of the workspace that `file` belongs to.

    Raises FaultyFile with every fault: each says key, value and cure.
    """
    tables = _read_toml(file)
    if use_environment:
        _refuse_elsewhere()
        _take_relay(tables)
    kind = Settings if use_environment else FileSettings
    try:
        return kind.of_folder(file.parent, **tables)
    except SettingsError:
        # A whole table given as one variable; without pydantic's words, which may quote a password.
        raise BadInput(
            "a table of settings cannot be given as one environment variable",
            cure="Write one variable for each key, such as NEWSLETTER_SITE__NAME.",
        ) from None
    except ValidationError as error:
        raise FaultyFile([_fault(str(file), fault) for fault in error.errors()]) from None


def _take_relay(tables: dict[str, Any]) -> None:
    """Puts the relay that the environment names in place of all that `tables` name."""
    if any(os.environ.get(name) for name in _NAME_A_RELAY):
        tables.pop("relays", None)
    if short := os.environ.get(_SHORT_RELAY):
        relay = tables.get("relay", {})
        tables["relay"] = {**(relay if isinstance(relay, dict) else {}), "url": short}


def _refuse_elsewhere() -> None:
    for prefix, (what, cure) in _FILE_ONLY.items():
        named = sorted(name for name in os.environ if name.upper().startswith(prefix))
        if named:
            raise BadInput(f"{what} cannot be set in the environment: {named[0]}", cure=cure)


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile([Fault(str(file), None, f"not readable as TOML: {error}")]) from None
    except UnicodeDecodeError:
        raise FaultyFile([Fault(str(file), None, "not UTF-8", "save it as UTF-8")]) from None
    except OSError as error:
        raise SurroundingsFailed(f"cannot be read: {error.strerror}", where=str(file)) from None


def _fault(file: str, error: Any) -> Fault:  # noqa: ANN401 - pydantic's ErrorDetails is a loose dict
    path = tuple(error["loc"])
    key = _key(path)
    variable = "NEWSLETTER_" + "__".join(str(part) for part in path).upper()
    place = f"environment variable {variable}" if variable in os.environ else file
    if error["type"] == "missing" and len(path) == 1:
        return Fault(place, None, f"the table [{key}] is missing", f"add [{key}]")
    if error["type"] == "missing":
        return Fault(place, None, f"{key} is missing", f"add {path[-1]} = … under [{path[0]}]")
    if error["type"] == "extra_forbidden":
        return Fault(place, None, f"unknown key {key}", _suggestion(path))
    value = "" if path[0] in _PRIVATE_TABLES else f" = {error['input']!r}"
    return Fault(place, None, f"{key}{value}: {error['msg'].removeprefix('Value error, ')}")


def _key(path: tuple[str | int, ...]) -> str:
    """A key as a person finds it: one of a list of tables by its number, a name that holds a dot in
    quotes."""
    table, *rest = path
    if rest and isinstance(rest[0], int):
        return " ".join([f"[[{table}]]", str(rest[0] + 1), *(str(part) for part in rest[1:])])
    return ".".join(f'"{part}"' if "." in str(part) else str(part) for part in path)


def _suggestion(path: tuple[str | int, ...]) -> str | None:
    table: type[BaseModel] = Settings
    for part in path[:-1]:
        field = table.model_fields.get(str(part))
        if field is not None:  # else it is the number or the name of one of many tables
            model = _model_of(field.annotation)
            if model is None:
                return None
            table = model
    near = nearest(str(path[-1]), table.model_fields)
    return f"did you mean {near}?" if near else f"the keys are {', '.join(table.model_fields)}"


def _model_of(annotation: object) -> type[BaseModel] | None:
    """The model of a table, or of each of many."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None
