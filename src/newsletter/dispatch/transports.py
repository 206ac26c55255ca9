"""The connections by which an edition leaves, to the relays that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from newsletter.dispatch.maildir_transport import MaildirTransport
from newsletter.dispatch.ports import Transport
from newsletter.dispatch.relay import MaildirRelay, Relay, SmtpRelay
from newsletter.dispatch.relay_faults import none_reachable
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.dispatch.smtp_opening import check_certificates
from newsletter.dispatch.smtp_transport import SmtpTransport
from newsletter.domain.errors import RelayUnreachable


def connect(relay: Relay, timeouts: Timeouts | None = None) -> Transport:
    """One connection to `relay`; nothing is opened or made before its `open`.

    `timeouts` are those of S6 when none are given; a folder needs none.
    """
    if isinstance(relay, MaildirRelay):
        return MaildirTransport(relay.folder)
    return SmtpTransport(relay, timeouts)


def connect_all(
    relays: Iterable[WeightedRelay], timeouts: Timeouts | None = None
) -> tuple[Transport, ...]:
    """As many connections to each relay as it takes at once, as `connect` makes them.

    Raises BadInput when the certificates that a relay may have cannot be read: of one that is only
    wanted when others are down that would be found out when it is too late.
    """
    relays = tuple(relays)
    for one in relays:
        if isinstance(one.relay, SmtpRelay):
            check_certificates(one.relay)
    return tuple(connect(one.relay, timeouts) for one in relays for _ in range(one.connections))


async def open_first(
    transports: Sequence[Transport],
    on_fault: Callable[[RelayUnreachable], None] = lambda fault: None,
) -> Transport:
    """Opens one connection, to the first relay that lets us, and gives it; `on_fault` is told of
    each that does not.

    Raises RelayUnreachable, with what each relay said, when none does, and what `open` raises when
    a setting is no good.
    """
    faults = []
    for transport in _one_to_each(transports):
        try:
            await transport.open()
        except RelayUnreachable as fault:
            faults.append(fault)
            on_fault(fault)
        else:
            return transport
    raise none_reachable(faults)


def _one_to_each(transports: Sequence[Transport]) -> Iterable[Transport]:
    firsts: dict[str | None, Transport] = {}
    for transport in transports:
        firsts.setdefault(transport.relay, transport)
    return firsts.values()
