"""What the DNS says of a key, so that receivers can verify (RFC 6376 section 3.6)."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.mail.dkim.private_keys import PrivateKey

_LONGEST_STRING = 255


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A TXT record: its whole name, without a dot at its end, and its value."""

    name: str
    value: str

    @property
    def strings(self) -> tuple[str, ...]:
        """The value in strings of at most 255 characters, which the DNS joins without a space
        (section 3.6.2.2; A1)."""
        places = range(0, len(self.value), _LONGEST_STRING)
        return tuple(self.value[place : place + _LONGEST_STRING] for place in places)

    def zone_lines(self) -> list[str]:
        """The record as lines of a zone file (RFC 1035 section 5.1)."""
        quoted = [f'    "{string}"' for string in self.strings]
        return [f"{self.name}. IN TXT (", *quoted, "    )"]


def record_of(key: PrivateKey, *, selector: str, domain: str) -> DnsRecord:
    """The record under which receivers look for the key."""
    value = f"v=DKIM1; k={key.kind}; p={key.public}"
    return DnsRecord(f"{selector}._domainkey.{domain}", value)
