"""What a transaction says of itself before it begins, for the engine that begins it."""

from __future__ import annotations

from sqlalchemy import Connection

_READ_ONLY = "newsletter_read_only"


def make_read_only(connection: Connection) -> None:
    """Lets the transaction that is about to begin see one moment, and change nothing."""
    connection.execution_options(**{_READ_ONLY: True})


def is_read_only(connection: Connection) -> bool:
    """Whether the transaction that begins may not change anything."""
    return bool(connection.get_execution_options().get(_READ_ONLY))
