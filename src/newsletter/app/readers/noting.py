"""Writing down that somebody wants to leave, when the database does not take it (T10)."""

from __future__ import annotations

import logging

from sqlalchemy.exc import DBAPIError

from newsletter.app.readers.spool_folder import SpooledDeparture, SpoolFolder
from newsletter.domain.departures import Noted
from newsletter.domain.errors import SurroundingsFailed

PATIENCE = 0.5
"""Seconds for which somebody who leaves waits for the database; then it is written down (T10)."""

NOT_TAKEN = (SurroundingsFailed, DBAPIError)
"""Whatever the database has to say against it: nobody has to come again to leave."""

_log = logging.getLogger(__name__)


def note(folder: SpoolFolder, wish: SpooledDeparture, error: Exception) -> Noted:
    """Writes the wish down, and logs the `error` that kept it from being carried out at once.

    Raises SurroundingsFailed when the disk does not take it either.
    """
    _log.warning("somebody's wish to leave was written down: %s", _what(error))
    folder.add(wish)
    return Noted()


def _what(error: Exception) -> str:
    return error.what if isinstance(error, SurroundingsFailed) else type(error).__name__
