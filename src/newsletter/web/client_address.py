"""Where a request came from: what our own web servers say, and nobody else (X16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from starlette.requests import Request

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network


class ClientAddresses:
    """Finds out where requests come from; `trusted_proxies` are addresses and networks of web
    servers that say so in X-Forwarded-For. Raises ValueError for one that is neither."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        self._trusted = [ip_network(one) for one in trusted_proxies]

    def of(self, request: Request) -> str | None:
        """The IP address that the request came from, None when nobody knows."""
        peer = request.client.host if request.client else ""
        found = self.find(peer, request.headers.getlist("x-forwarded-for"))
        return None if found is None else str(found)

    def find(self, peer: str, forwarded: Sequence[str]) -> IPAddress | None:
        """The same, of whoever opened the connection and the lines of X-Forwarded-For in their
        order.

        Each web server adds, at the end, whom it was asked by. So the list is read from there, as
        far as those whom we trust have written it; what stands before that anybody may have made
        up. What is no address ends it, too.
        """
        found = as_address(peer)
        hops = [hop for line in forwarded for hop in line.split(",")]
        while found is not None and hops and self._is_trusted(found):
            before = as_address(hops.pop())
            if before is None:
                break
            found = before
        return found

    def _is_trusted(self, address: IPAddress) -> bool:
        return any(address in network for network in self._trusted)


def as_address(text: str) -> IPAddress | None:
    """The IP address that `text` is, an IPv4 one that was written as IPv6 as itself (RFC 4291
    section 2.5.5.2); None for anything else, and for one with a zone, which is of a network where
    nobody could reach us from (RFC 4007 section 11)."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        return found.ipv4_mapped or found
    return found
