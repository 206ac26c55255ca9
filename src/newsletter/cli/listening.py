"""A socket that listens, or plain words about why there is none."""

from __future__ import annotations

import socket
from contextlib import suppress

from newsletter.domain.errors import SurroundingsFailed


def listen(host: str, port: int, *, cure: str) -> socket.socket:
    """A socket that listens at the first address that `host` is of; port 0 is any free one.

    Raises SurroundingsFailed, with `cure`, when the name is of no address here or somebody else
    listens there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen()
        except OSError:
            with suppress(OSError):
                listening.close()
            raise
    except OSError as error:
        raise SurroundingsFailed(
            f"cannot listen on {shown(host, port)}: {error.strerror}", cure=cure
        ) from None
    return listening


def shown(host: str, port: int) -> str:
    """The place as an address has it: `[::1]:8000`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
