"""The floor of an import: SQLite's own `.import` of the same rows into tables indexed alike.

It checks nothing, and knows neither who left nor who is suppressed; it is what the disk and the
indexes cost.
"""

from __future__ import annotations

import csv
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

_TABLES = ("subscribers", "subscriptions", "consents")
_IN_LIST_ORDER = """
    SELECT {table}.* FROM {table}
    JOIN positions ON positions.subscriber_id = {table}.{key} ORDER BY positions.position
"""


def is_there() -> bool:
    """Whether the peer is installed."""
    return shutil.which("sqlite3") is not None


def dump_tables(database: Path, listed: Path, folder: Path) -> None:
    """Writes what an import made of `listed` as one CSV file a table, in the order of the list."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TEMP TABLE positions (subscriber_id INTEGER, position INTEGER)")
        ids = dict(connection.execute("SELECT canonical, id FROM subscribers"))
        with listed.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            connection.executemany(
                "INSERT INTO positions VALUES (?, ?)",
                ((ids[row[0]], number) for number, row in enumerate(rows)),
            )
        for table in _TABLES:
            key = "id" if table == "subscribers" else "subscriber_id"
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(
                    connection.execute(_IN_LIST_ORDER.format(table=table, key=key))
                )


def seconds_to_import(database: Path, folder: Path) -> float:
    """How long `.import` of the three files takes, into a new database with `database`'s tables and
    indexes, in the same journal mode."""
    floor = folder / "floor.db"
    floor.unlink(missing_ok=True)
    schema = subprocess.run(
        ["sqlite3", str(database), ".schema"], capture_output=True, text=True, check=True
    ).stdout
    # Handles are found by a table of their own here; there, by an index.
    schema += "CREATE UNIQUE INDEX handles_of_people ON subscribers (handle);\n"
    script = f"PRAGMA journal_mode = WAL;\n{schema}"
    subprocess.run(
        ["sqlite3", str(floor)], input=script, text=True, check=True, capture_output=True
    )
    imports = "\n".join(f".import {folder / table}.csv {table}" for table in _TABLES)
    began = time.perf_counter()
    subprocess.run(["sqlite3", str(floor)], input=f".mode csv\n{imports}\n", text=True, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    dump_tables(*map(Path, sys.argv[1:]))
