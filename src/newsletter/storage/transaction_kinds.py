"""What a transaction says of itself before it begins, for the engine that begins it."""

from __future__ import annotations

from sqlalchemy import Connection

_READ_ONLY = "newsletter_read_only"
_REPEATABLE = "newsletter_repeatable"
_PATIENCE = "newsletter_patience"


def make_read_only(connection: Connection) -> None:
    """Lets the transaction that is about to begin see one moment, and change nothing."""
    connection.execution_options(**{_READ_ONLY: True})


def is_read_only(connection: Connection) -> bool:
    """Whether the transaction that begins may not change anything."""
    return bool(connection.get_execution_options().get(_READ_ONLY))


def make_repeatable(connection: Connection) -> None:
    """Lets the transaction that is about to begin take its turn at writing at its first write only,
    and lose what it wrote with the power: whoever asks for that does it again."""
    connection.execution_options(**{_REPEATABLE: True})


def is_repeatable(connection: Connection) -> bool:
    """Whether the transaction that begins will be done again when it comes too late or is lost."""
    return bool(connection.get_execution_options().get(_REPEATABLE))


def set_patience(connection: Connection, seconds: float) -> None:
    """Lets the transaction that is about to begin wait so long for its turn at writing, whatever
    the engine's own patience is."""
    connection.execution_options(**{_PATIENCE: seconds})


def patience(connection: Connection) -> float | None:
    """How many seconds the transaction that begins waits for its turn; None for as long as all."""
    seconds: float | None = connection.get_execution_options().get(_PATIENCE)
    return seconds
