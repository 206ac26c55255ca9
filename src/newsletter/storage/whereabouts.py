"""Where a database is, as people are told it."""

from __future__ import annotations

from sqlalchemy import URL


def whereabouts(url: URL) -> str:
    """The file of a SQLite database; the host and the name of another one.

    Never the user or the password: it goes into errors, and those into logs (X13).
    """
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or ""
    named = host if isinstance(host, str) else ",".join(host)
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{named}{port}/{url.database}"
