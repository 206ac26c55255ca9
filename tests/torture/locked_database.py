"""A database that somebody else keeps to themselves for a while."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path


def lock_for(database: Path, seconds: float) -> None:
    """Takes the write lock now, and gives it back after so many seconds."""
    # Given back by another thread, the timer's.
    connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("BEGIN IMMEDIATE")
    threading.Timer(seconds, connection.close).start()
