"""Host names: which of them mean this machine, and which are only examples."""

from __future__ import annotations

import re
from ipaddress import ip_address

_EXAMPLES = re.compile(r"(.+\.)?(test|example|invalid|example\.(com|net|org))\.?", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without brackets, is this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_reserved_example(host: str) -> bool:
    """Whether `host` is a name that RFC 2606 keeps for examples and tests: nobody is there."""
    return _EXAMPLES.fullmatch(host) is not None
