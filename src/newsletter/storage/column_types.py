"""Column types that keep Python values whole on every database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_PRECISION = "microseconds"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only, stores UTC, gives back UTC."""

    impl = DateTime
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """For SQLite the text that SQLAlchemy would make of the instant, in a fifth of the time:
        an import binds millions of them."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else _utc(value).isoformat(" ", _PRECISION)
        return super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: naive UTC, the one form that all databases compare alike."""
        return None if value is None else _utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - the driver's own
        """From the database: aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise TypeError(f"a stored instant needs a time zone: {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None)


class Unsigned64(TypeDecorator[int]):
    """64 random bits, 0 to 2**64 - 1, kept in a signed column."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """To the database: the same bits, read as a signed number."""
        return None if value is None else value - 2**64 if value >= 2**63 else value

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ANN401 - the driver's own
        """From the database: the same bits, read as an unsigned number."""
        return None if value is None else value + 2**64 if value < 0 else value
