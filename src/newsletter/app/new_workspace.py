"""Making a workspace: settings, brand, first edition, keys and an empty, migrated database."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from textwrap import indent

from newsletter.app.first_topic import add_first_topic
from newsletter.app.workspace import database_url, keys_file, live_copy
from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.resources import examples_folder, pages_folder, templates_folder
from newsletter.settings.model import Settings
from newsletter.settings.reading import FILE_NAME, read_settings
from newsletter.settings.reference import settings_toml
from newsletter.storage import migrations
from newsletter.storage.engine import open_engine
from newsletter.tokens.key_ring import create_key_ring

FIRST_EDITION = "first-edition"
_FIRST_SECTIONS = ("letter", "article")
_STARTING_VALUES: Mapping[str, Mapping[str, object]] = {
    "site": {
        "name": "Your organisation",
        "base_url": "https://news.example.org",
        "languages": ["en", "cy"],
        "timezone": "Europe/London",
    },
    "sender": {"address": "news@example.org", "reply_to": ""},
    "mail": {
        "domain": "news.example.org",
        "bounce_address": "bounces@news.example.org",
        "unsubscribe_address": "",
    },
}
_EDITION_HEAD = """\
# Your first edition. Change the words, then look at it:
#     newsletter compose editions/{slug}/edition.yaml
edition: "{slug}"
topic: monthly-bulletin
languages: [en, cy]
form: separate
segment: null
subject:
  en: "Our first bulletin"
  cy: "Ein bwletin cyntaf"
preheader:
  en: "What we have been doing, and what comes next"
  cy: "Beth fuom ni'n ei wneud, a beth ddaw nesaf"
sections:
"""


def make_workspace(folder: Path, *, actor: str) -> Settings:
    """Makes a workspace in `folder`, which may exist but must not hold anything yet.

    Whole or not at all: when a step fails, what was made is removed again. Nothing in the
    environment has a say, since that may be about another workspace.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            f"{folder} is not an empty folder",
            cure="Name a folder that is new or empty; nothing was made.",
        )
    was_there = folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _fill(folder.resolve(), actor)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if was_there:
            folder.mkdir()
        if isinstance(error, OSError):
            raise SurroundingsFailed(f"cannot make {folder}: {error.strerror}") from None
        raise


def _fill(folder: Path, actor: str) -> Settings:
    file = folder / FILE_NAME
    # For its owner alone: somebody will write the relay's password into it (X13).
    file.touch(mode=0o600)
    file.write_text(settings_toml(_STARTING_VALUES), encoding="utf-8")
    shutil.copytree(examples_folder() / "brand", folder / "brand")
    shutil.copytree(pages_folder(), folder / "pages")
    _write_first_edition(folder / "editions" / FIRST_EDITION)
    settings = read_settings(file, use_environment=False)
    prepare_data(settings)
    add_first_topic(settings, actor=actor)
    return settings


def prepare_data(settings: Settings) -> None:
    """Makes the data folder of a workspace: keys and a migrated database, the live one."""
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_key_ring(keys_file(settings))
    engine = open_engine(database_url(settings))
    try:
        migrations.upgrade(engine)
        live_copy(settings, engine).bind()
    finally:
        engine.dispose()


def _write_first_edition(folder: Path) -> None:
    catalogue = load_catalogue([templates_folder()])
    (folder / "images").mkdir(parents=True)
    text = _EDITION_HEAD.format(slug=FIRST_EDITION)
    text += "".join(_as_list_item(catalogue, kind) for kind in _FIRST_SECTIONS)
    (folder / "edition.yaml").write_text(text, encoding="utf-8")
    for kind in _FIRST_SECTIONS:
        images = catalogue.kinds[kind].folder / "images"
        if images.is_dir():
            shutil.copytree(images, folder / "images", dirs_exist_ok=True)


def _as_list_item(catalogue: Catalogue, kind: str) -> str:
    sample = catalogue.kinds[kind].sample_file.read_text(encoding="utf-8")
    lines = [line for line in sample.splitlines() if not line.startswith("#")]
    body = indent("\n".join(lines).strip("\n"), "    ")
    return "  - " + body.removeprefix("    ") + "\n"
