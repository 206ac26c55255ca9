"""The composition root: from a settings file to everything that the use cases need.

The only place that names concrete adapters. Nothing here does work beyond opening; the use cases
beside this module take a `Workshop` (no database) or a `Workspace` (with one) and do the work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from newsletter.composer.brand_file import PLAIN_BRAND, read_brand
from newsletter.composer.catalogue import load_catalogue
from newsletter.composer.kinds import Catalogue
from newsletter.dispatch.ledger import Patience
from newsletter.dispatch.personal_messages import MailNames
from newsletter.dispatch.relay import Relay, parse_relay
from newsletter.domain.brand import Brand
from newsletter.resources import templates_folder
from newsletter.settings.model import FileSettings, Mail, Sender, Settings, Site
from newsletter.settings.reading import (
    find_settings_file,
    find_settings_file_above,
    read_settings,
)
from newsletter.storage.engine import open_engine
from newsletter.storage.schema_version import require_current
from newsletter.tokens.key_ring import read_key_ring
from newsletter.tokens.tokens import Tokens


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


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
        return PLAIN_BRAND if self.brand_folder is None else read_brand(self.brand_folder)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The section kinds: the workspace's own before those that the program ships."""
        own = self.settings.path("templates") / "email"
        return load_catalogue([own, templates_folder()] if own.is_dir() else [templates_folder()])

    @property
    def mail_names(self) -> MailNames:
        """The addresses that stand in every message."""
        return MailNames(
            base_url=self.settings.site.base_url,
            domain=self.settings.mail.domain,
            bounce_address=self.settings.mail.bounce_address,
            unsubscribe_address=self.settings.mail.unsubscribe_address,
        )


@dataclass(frozen=True)
class Workspace(Workshop):
    """A workshop with its database, keys and clock."""

    engine: Engine
    now: Callable[[], datetime]

    @cached_property
    def tokens(self) -> Tokens:
        """Signs and reads tokens; raises SurroundingsFailed when the keys are not to be trusted."""
        return Tokens(read_key_ring(self.keys_file))

    @property
    def keys_file(self) -> Path:
        """Where the keys lie."""
        return keys_file(self.settings)

    @property
    def patience(self) -> Patience:
        """When a deferred delivery is tried again, and when it is given up."""
        dispatch = self.settings.dispatch
        return Patience(dispatch.first_retry, dispatch.expire_after)

    @property
    def media_folder(self) -> Path:
        """Where published images lie."""
        return self.settings.data_folder / "media"

    @property
    def relay(self) -> Relay | None:
        """The relay that the settings name, or None."""
        url = self.settings.relay.url
        if url is None:
            return None
        ca_file = self.settings.relay.ca_file
        return parse_relay(
            url,
            ca_file=self.settings.path(ca_file) if ca_file else None,
            folder=self.settings.folder,
        )

    @property
    def outbox(self) -> Relay:
        """The Maildir that takes the mail when no relay is set."""
        return parse_relay(
            f"maildir:{self.settings.data_folder / 'outbox'}",
            ca_file=None,
            folder=self.settings.folder,
        )


def keys_file(settings: Settings) -> Path:
    """Where a workspace's keys lie: beside the database, never in it (A5, L4)."""
    return settings.data_folder / "keys" / "keys.json"


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
    settings = read_settings(file)
    return Workshop(
        settings=settings,
        brand_folder=settings.path("brand"),
        compose_folder=settings.data_folder / "compose",
    )


@contextmanager
def open_workspace(
    config: Path | None, *, now: Callable[[], datetime] = utc_now
) -> Iterator[Workspace]:
    """The workspace that `config`, the environment or the current folder names, until the block
    ends. Raises SchemaMismatch unless the database is of this program's version."""
    with open_settings(read_settings(find_settings_file(config, os.environ)), now=now) as opened:
        yield opened


@contextmanager
def open_settings(
    settings: Settings, *, now: Callable[[], datetime] = utc_now
) -> Iterator[Workspace]:
    """The workspace of these settings, until the block ends."""
    engine = open_engine(database_url(settings))
    try:
        require_current(engine)
        yield Workspace(
            settings=settings,
            brand_folder=settings.path("brand"),
            compose_folder=settings.data_folder / "compose",
            engine=engine,
            now=now,
        )
    finally:
        engine.dispose()


def database_url(settings: Settings) -> str:
    """The database's address with its path made absolute."""
    return f"sqlite:///{settings.database_file}"


def _example_settings(folder: Path) -> Settings:
    return FileSettings.of_folder(
        folder,
        site=Site(name="Newsletter", base_url="https://news.example.org", languages=["en", "cy"]),
        sender=Sender(address="news@example.org"),
        mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
    )
