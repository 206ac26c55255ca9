"""The composition root: from a settings file to everything that the use cases need.

The only place that names concrete adapters. Nothing here does work beyond opening; the use cases
beside this module take a `Workshop` (no database) or a `Workspace` (with one) and do the work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from newsletter.app.clock import utc_now
from newsletter.dispatch.patience import Patience
from newsletter.dispatch.relay import MaildirRelay, SmtpRelay, parse_relay
from newsletter.dispatch.relays import WeightedRelay, check_together
from newsletter.domain.audience_rules import Today
from newsletter.mail.dkim.signatures import Signatures
from newsletter.settings.model import Settings
from newsletter.settings.reading import (
    find_settings_file,
    read_settings,
)
from newsletter.settings.tables import Relay as RelaySetting
from newsletter.storage.engine import open_engine
from newsletter.storage.live_copy import LiveCopy
from newsletter.storage.schema_version import require_current
from newsletter.tokens.erasure_seals import ErasureSeals
from newsletter.tokens.key_ring import KeyRing
from newsletter.tokens.tokens import Tokens
from newsletter.tokens.watched_keys import WatchedKeys


@dataclass(frozen=True)
class Workspace:
    """A workspace's settings, database, keys and clock: what sending and serving need.

    What composing needs beside them is a `Workshop`, which loads much more.
    """

    settings: Settings
    engine: Engine
    now: Callable[[], datetime]

    @property
    def tokens(self) -> Tokens:
        """Signs and reads tokens, with the keys that are there now: whoever asks anew for each
        reader reads what another process signed with a key that is new (T4).

        Raises SurroundingsFailed when the keys are not to be trusted.
        """
        return self._tokens()

    @property
    def seals(self) -> ErasureSeals:
        """Recognises erased addresses, with the keys that are there now; raises SurroundingsFailed
        as `tokens` does."""
        return self._seals()

    @property
    def key_ring(self) -> KeyRing:
        """The keys of this workspace, never to be shown."""
        return self._watched_keys.ring

    @cached_property
    def _watched_keys(self) -> WatchedKeys:
        return WatchedKeys(self.keys_file)

    @cached_property
    def _tokens(self) -> Callable[[], Tokens]:
        return self._watched_keys.made(Tokens)

    @cached_property
    def _seals(self) -> Callable[[], ErasureSeals]:
        return self._watched_keys.made(ErasureSeals)

    @cached_property
    def signatures(self) -> Signatures | None:
        """What signs the mail, None when the relay does; raises BadInput or SurroundingsFailed for
        a key that cannot be used."""
        if not self.settings.dkim.is_wanted:
            return None
        # Imported here: only what signs loads the library of keys.
        from newsletter.app.signing import signatures_of

        return signatures_of(self.settings)

    @property
    def today(self) -> Today:
        """The day that it is where the site is."""
        return Today.at(self.now(), self.settings.site.timezone)

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
    def lock_folder(self) -> Path:
        """Where sending processes keep their locks: beside the file that is the database, so that
        whoever opens it meets them; else in the data folder of this machine."""
        return _beside_database(self.settings, "-locks") or self.settings.data_folder / "locks"

    @property
    def journal_folder(self) -> Path:
        """Where sending processes keep their journals: beside the file that is the database,
        whatever the settings say, so that whoever sends from it finds them; else in the data folder
        of this machine."""
        return journal_folder(self.settings)

    @cached_property
    def live_copy(self) -> LiveCopy:
        """Whether this is the copy of the database that sends."""
        return live_copy(self.settings, self.engine, now=self.now)

    @property
    def media_folder(self) -> Path:
        """Where published images lie."""
        return self.settings.data_folder / "media"

    @property
    def spool_folder(self) -> Path:
        """Where wishes to leave lie that the database could not take (T10)."""
        return self.settings.data_folder / "spool"

    @property
    def relays(self) -> tuple[WeightedRelay, ...]:
        """The relays that the settings name, in their order; none when none is set.

        Raises BadInput for one that cannot be read, and for several that do not go together.
        """
        several = self.settings.relays
        if several:
            named = enumerate(several, 1)
            relays = tuple(self._relay(one, f"[[relays]] {number}, url") for number, one in named)
            check_together(relays)
            return relays
        alone = self.settings.relay
        return (self._relay(alone, "relay.url"),) if alone.url is not None else ()

    @property
    def outbox(self) -> tuple[WeightedRelay, ...]:
        """What takes the mail when no relay is set: a Maildir."""
        outbox = self.settings.data_folder / "outbox"
        return (WeightedRelay(MaildirRelay(outbox)),)

    def _relay(self, setting: RelaySetting, where: str) -> WeightedRelay:
        relay = parse_relay(
            setting.url or "",
            ca_file=self.settings.path(setting.ca_file) if setting.ca_file else None,
            folder=self.settings.folder,
            where=where,
        )
        connections = setting.connections if isinstance(relay, SmtpRelay) else 1
        return WeightedRelay(relay, connections, setting.weight, setting.rate)


def keys_file(settings: Settings) -> Path:
    """Where a workspace's keys lie: beside the database, never in it (A5, L4)."""
    return settings.data_folder / "keys" / "keys.json"


def journal_folder(settings: Settings) -> Path:
    """Where the sending processes of a workspace keep their journals (design 5)."""
    return _beside_database(settings, "-journal.d") or settings.data_folder / "journal"


def live_copy(
    settings: Settings, engine: Engine, *, now: Callable[[], datetime] = utc_now
) -> LiveCopy:
    """What tells whether the database of these settings is the one that sends."""
    return LiveCopy(engine, settings.database_file, journal_folder(settings), now)


def _beside_database(settings: Settings, suffix: str) -> Path | None:
    """A name beside the file that is the database, whatever link leads to it; None of a server."""
    file = settings.database_file
    if file is None:
        return None
    place = file.resolve()
    return place.with_name(place.name + suffix)


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
            engine=engine,
            now=now,
        )
    finally:
        engine.dispose()


def database_url(settings: Settings) -> str:
    """The database's address, a file's path made absolute."""
    file = settings.database_file
    return settings.database.url if file is None else f"sqlite:///{file}"
