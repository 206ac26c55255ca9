"""The composer's side of the composition root: brand and section kinds, no database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from newsletter.app.check_levels import levels_of_rules
from newsletter.composer.brands.brand_file import plain_brand, read_brand
from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.composer.terms import Terms
from newsletter.domain.attributes import AttributeType
from newsletter.domain.brand import Brand
from newsletter.resources import templates_folder
from newsletter.settings.model import FileSettings, Settings
from newsletter.settings.reading import (
    find_settings_file,
    find_settings_file_above,
    read_settings,
)
from newsletter.settings.tables import Mail, Sender, Site


@dataclass(frozen=True)
class Workshop:
    """What composing needs: settings, brand and section kinds. No database.

    Brand and kinds are read when they are first asked for, so that a fault in them stops what
    needs them and nothing else. `brand_folder` is None for the plain built-in brand.
    """

    settings: Settings
    brand_folder: Path | None
    compose_folder: Path

    @cached_property
    def brand(self) -> Brand:
        """The sender's look and facts; raises FaultyFile for a brand that cannot be used."""
        folders = self.template_folders
        return (
            plain_brand(folders)
            if not self.brand_folder
            else read_brand(self.brand_folder, folders)
        )

    @cached_property
    def catalogue(self) -> Catalogue:
        """The section kinds: the workspace's own before those that the program ships."""
        return load_catalogue(self.template_folders)

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates, kinds and designs lie: the workspace's own folder, if it has one, before
        the one that the program ships."""
        own = self.settings.path("templates") / "email"
        return (own, templates_folder()) if own.is_dir() else (templates_folder(),)

    def terms(self, today: date) -> Terms:
        """On what terms the workspace composes; raises BadInput for a level of no known rule."""
        settings = self.settings
        return Terms(
            base_url=settings.site.base_url,
            media_url=settings.media_url,
            timezone=settings.site.timezone,
            today=today,
            levels=levels_of_rules(settings.checks),
            attributes=tuple(
                name
                for name, kind in settings.attribute_types.items()
                if kind is AttributeType.TEXT
            ),
        )


def open_workshop(config: Path | None, near: Path) -> Workshop:
    """What composing `near` needs: the workspace that `config` or the environment names, else the
    one around the file, else a plain built-in brand."""
    if config or os.environ.get("NEWSLETTER_CONFIG") or (Path.cwd() / "newsletter.toml").is_file():
        file: Path | None = find_settings_file(config, os.environ)
    else:
        file = find_settings_file_above(near)
    if file is None:
        return Workshop(
            settings=_example_settings(near.resolve().parent),
            brand_folder=None,
            compose_folder=near.resolve().parent / "compose",
        )
    return workshop_of(read_settings(file))


def workshop_of(settings: Settings) -> Workshop:
    """What composing needs of a workspace."""
    return Workshop(
        settings=settings,
        brand_folder=settings.path("brand"),
        compose_folder=settings.data_folder / "compose",
    )


def _example_settings(folder: Path) -> Settings:
    return FileSettings.of_folder(
        folder,
        site=Site(name="Newsletter", base_url="https://news.example.org", languages=["en", "cy"]),
        sender=Sender(address="news@example.org"),
        mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
    )
