"""The relays of a workspace together: what each is to take, and that they go with one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.dispatch.relay import Relay, SmtpRelay
from newsletter.domain.errors import BadInput

_WHERE = "[[relays]]"


@dataclass(frozen=True, slots=True)
class WeightedRelay:
    """A relay and what of the mail it takes: by how many `connections` at once; its share beside
    the others by `weight`, 0 for one that only helps out; at most `rate` messages in a second, None
    for no limit."""

    relay: Relay
    connections: int = 1
    weight: int = 1
    rate: float | None = None

    @property
    def name(self) -> str | None:
        """Its host and port, as its transports are named; None of a folder."""
        return self.relay.address if isinstance(self.relay, SmtpRelay) else None


def check_together(relays: Sequence[WeightedRelay]) -> None:
    """Raises BadInput when several relays cannot share an edition: for a folder reaches nobody, and
    what a relay takes is counted by its host and port."""
    if len(relays) < 2:
        return
    seen: set[str] = set()
    for number, one in enumerate(relays, 1):
        if not isinstance(one.relay, SmtpRelay):
            raise BadInput(
                f"relay {number} is a Maildir, which cannot be one of several: it reaches nobody",
                where=_WHERE,
                cure="Take it out, or write it alone, as url under [relay].",
            )
        if one.relay.address in seen:
            raise BadInput(
                f"relay {number} is {one.relay.address}, which is there already",
                where=_WHERE,
                cure="Write each relay once, and give it more connections or a larger weight.",
            )
        seen.add(one.relay.address)
