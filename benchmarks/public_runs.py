"""The runs of the benchmark of the public pages: `newsletter serve` by itself on one processor, who
asks it and a dispatch on the others."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Thread

from sqlalchemy import func, select

from benchmarks.http_load import Answers, Order, ask
from benchmarks.mail_senders import StartedSender, our_sender
from benchmarks.receiving import Receiver, await_port, cpu_seconds, free_port
from benchmarks.unsubscribing import tokens
from newsletter.app.readers.spool import apply_spooled
from newsletter.app.workspace import Workspace, open_settings
from newsletter.domain.people import ConsentSource
from newsletter.i18n import strings
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading
from newsletter.storage.schema import consents
from newsletter.tokens.tokens import Purpose

_FLOOR_COMMITS = 300
_PATIENCE = 60.0
"""Seconds in which the sender must have begun."""

_BETWEEN_LOOKS = 0.05
"""Seconds between two looks at the receiver, whose counter has no bell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking for one kind of page, and the server's CPU seconds for each."""

    answers: Answers
    cpu_each: float


@dataclass(frozen=True, slots=True)
class PublicRun:
    """What was measured: the floor that any answer has (`healthz`), leaving while a dispatch runs
    and without one, and pages that are read; how many of those who left have their line in the
    ledger afterwards; seconds of a bare commit; octets of each page and of the stylesheet."""

    healthz: Asked
    leaving: Asked
    leaving_alone: Asked
    archive: Asked
    lines: int
    messages: int
    commit: float
    octets: dict[str, int]


@dataclass(frozen=True, slots=True)
class Served:
    """A running `newsletter serve`, at `port`, whose process is `process`."""

    port: int
    process: int

    def ask(self, method: str, paths: Sequence[str], *, connections: int = 8) -> Asked:
        """Asks for each path once, from the other processors."""
        before = cpu_seconds(self.process)
        order = Order(
            self.port,
            method,
            paths,
            connections,
            sign=strings("pages", "en")["noted_heading"],
            processor=max(os.sched_getaffinity(0)),
        )
        answers = ask(order)
        return Asked(answers, (cpu_seconds(self.process) - before) / len(paths))


@contextmanager
def served(settings: Path) -> Iterator[Served]:
    """`newsletter serve` by itself on the first processor, for the block."""
    port = free_port()
    command = [sys.executable, "-m", "newsletter", "serve", "--listen", f"127.0.0.1:{port}"]
    command += ["--config", str(settings)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        try:
            await_port(port)
            yield Served(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def run_public(settings: Path, slug: str, sink: Receiver, *, many: int) -> PublicRun:
    """Has `many` people leave while the edition is sent, and as many again afterwards."""
    with open_settings(read_settings(settings, use_environment=False)) as workspace:
        people = list(islice(tokens(workspace), 2 * many + 1))
        before = _lines(workspace)
        with served(settings) as server:
            server.ask("GET", ["/healthz"] * 200)  # warm
            healthz = server.ask("GET", ["/healthz"] * many)
            with _sending(settings, slug, sink) as counted:
                messages = counted()
                leaving = server.ask("POST", [f"/u/{one}" for one in people[:many]])
                messages = counted() - messages
            alone = server.ask("POST", [f"/u/{one}" for one in people[many : 2 * many]])
            address = "/en/archive/monthly-bulletin"
            archive = server.ask("GET", [f"{address}/{slug}"] * many, connections=1)
            octets = _octets(server, workspace, people[-1], f"{address}/{slug}")
        apply_spooled(workspace)
        lines = _lines(workspace) - before
    return PublicRun(
        healthz, leaving, alone, archive, lines, messages, _bare_commit(settings.parent), octets
    )


@contextmanager
def _sending(settings: Path, slug: str, sink: Receiver) -> Iterator[Callable[[], int]]:
    """A dispatch that is under way for the whole block; gives what tells how many have their
    message."""
    sender = our_sender(settings, slug)
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(sender.pid, processors - {min(processors)} or processors)
    seen = [sink.count()] * 2
    watching = Thread(target=_watch, args=(sender, sink, seen))
    watching.start()
    deadline = time.monotonic() + _PATIENCE
    while seen[0] == seen[1]:
        if sender.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("the sender did not begin")
        time.sleep(_BETWEEN_LOOKS)
    try:
        yield lambda: seen[1]
        if sender.poll() is not None:
            raise SystemExit("the sender ended before those who left had: too few people")
    finally:
        sender.send_signal(signal.SIGTERM)
        watching.join()


def _watch(sender: StartedSender, sink: Receiver, seen: list[int]) -> None:
    # The receiver's counter stands in a pipe; it would wait for us when that is full.
    while sender.poll() is None:
        seen[1] = sink.count()
        time.sleep(_BETWEEN_LOOKS)


def _lines(workspace: Workspace) -> int:
    query = select(func.count()).where(consents.c.source == ConsentSource.ONE_CLICK)
    with reading(workspace.engine) as connection:
        return int(connection.execute(query).scalar_one())


def _octets(server: Served, workspace: Workspace, token: str, edition: str) -> dict[str, int]:
    handle = workspace.tokens.read(Purpose.UNSUBSCRIBE, token)
    assert handle is not None
    preferences = workspace.tokens.token(Purpose.PREFERENCES, handle=handle.handle)
    pages = {
        "unsubscribe": f"/en/unsubscribe/{token}",
        "preferences": f"/en/preferences/{preferences}",
        "sign-up": "/en/subscribe",
        "my link": "/en/my-link",
        "home": "/en/",
        "archive": "/en/archive",
        "archive of a topic": "/en/archive/monthly-bulletin",
        "archive page": edition,
        "privacy": "/en/privacy",
        "accessibility": "/en/accessibility",
        "not found": "/en/unsubscribe/nothing",
        "stylesheet": "/static/site.css",
    }
    octets = {name: server.ask("GET", [path]).answers.largest for name, path in pages.items()}
    octets["left"] = server.ask("POST", [f"/en/unsubscribe/{token}"]).answers.largest
    return octets


def _bare_commit(folder: Path) -> float:
    """Seconds of one row and its commit by sqlite3 itself, on the same disk."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        closing(sqlite3.connect(Path(place) / "floor.db", isolation_level=None)) as database,
    ):
        for statement in ("journal_mode = WAL", "synchronous = FULL"):
            database.execute(f"PRAGMA {statement}")
        database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, word TEXT)")
        began = time.perf_counter()
        for _ in range(_FLOOR_COMMITS):
            database.execute("INSERT INTO rows (word) VALUES ('left')")
        return (time.perf_counter() - began) / _FLOOR_COMMITS
