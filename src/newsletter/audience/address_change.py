"""Giving a person another address, which they have shown to be theirs as the one before was.

The person stays the same one: subscriptions, ledger and deliveries are of the row, and what is
still to be sent goes to the new address. Links that lead to leaving name the handle and go on
working; those to the preferences are void, since mail with them lies in the mailbox that was left.
The old address is sealed: else the next list that still has it would bring the person back there,
where somebody else may read by now.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, update

from newsletter.audience.erasure import seal_address
from newsletter.audience.seal_evidence import MOVED
from newsletter.audience.stopping import is_stopped
from newsletter.audience.subscribers import find
from newsletter.audience.suppressed_targets import Target
from newsletter.audience.suppressions import find_suppression, lift
from newsletter.domain.people import READER, Subscriber
from newsletter.mail.addresses import EmailAddress
from newsletter.storage import audit
from newsletter.storage.schema import subscribers
from newsletter.tokens.erasure_seals import ErasureSeals


class AddressObstacle(StrEnum):
    """Why a person cannot have an address.

    `same`: they have it. `taken`: somebody on the list has. `stopped`: mail to it, or to everybody
    at its domain, was stopped for good.
    """

    SAME = "same"
    TAKEN = "taken"
    STOPPED = "stopped"


def address_obstacle(
    connection: Connection, person: Subscriber, new: EmailAddress, seals: ErasureSeals
) -> AddressObstacle | None:
    """What keeps the person from having the address; None when nothing does."""
    if new.canonical == person.canonical:
        return AddressObstacle.SAME
    if find(connection, new.typed) is not None:
        return AddressObstacle.TAKEN
    if is_stopped(connection, new.canonical, seals):
        return AddressObstacle.STOPPED
    return None


def change_address(
    connection: Connection,
    person: Subscriber,
    new: EmailAddress,
    seals: ErasureSeals,
    *,
    at: datetime,
) -> None:
    """Gives the person the address, on the record, seals the old one and voids their links to the
    preferences (T4). What stood against the new one is lifted, as by any fresh double opt-in (B6).

    The caller has found no obstacle, in the same transaction.
    """
    if find_suppression(connection, new.canonical, seals) is not None:
        reason = "the reader confirmed that it is their address now"
        lift(connection, Target(new.canonical), seals, reason=reason, actor=READER, at=at)
    connection.execute(
        update(subscribers)
        .where(subscribers.c.id == person.id)
        .values(address=new.typed, canonical=new.canonical, epoch=subscribers.c.epoch + 1)
    )
    seal_address(connection, person.canonical, seals, at=at, why=MOVED)
    audit.record(
        connection,
        actor=READER,
        action="reader changes address",
        subject="one person",
        detail="",
        at=at,
    )
