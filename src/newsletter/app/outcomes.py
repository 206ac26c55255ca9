"""Who did not get an edition and why, and of whom nobody knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsletter.app.workspace import Workspace
from newsletter.dispatch.listed_deliveries import ListedDelivery, deliveries_in
from newsletter.domain.deliveries import DeliveryState
from newsletter.editions import store
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class UnknownDelivery:
    """A delivery of which nobody knows what became.

    `message_id` is what its message carries, at every attempt the same (M9), to be looked up in the
    log of the relay; None once the person was erased.
    """

    delivery: ListedDelivery
    message_id: str | None

    def as_json(self) -> dict[str, Any]:
        """For scripts: the keys of every listed delivery, and the Message-ID."""
        return delivery_json(self.delivery) | {"message_id": self.message_id}


def delivery_json(one: ListedDelivery) -> dict[str, Any]:
    """A listed delivery with exactly the keys that the command line promises."""
    return {
        "id": one.id,
        "email": one.email,
        "state": one.state,
        "code": one.code,
        "enhanced": one.enhanced,
        "reply": one.reply,
        "verdict": one.verdict,
        "at": one.at.isoformat(),
    }


def failures(workspace: Workspace, slug: str) -> list[ListedDelivery]:
    """The deliveries that failed, each with the server's last words."""
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        return deliveries_in(connection, stored.id, DeliveryState.FAILED)


def unknowns(workspace: Workspace, slug: str) -> list[UnknownDelivery]:
    """The deliveries of which nobody knows what became (S9).

    Raises SurroundingsFailed when there are some and the keys, of which their Message-IDs are made,
    are not to be trusted.
    """
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        found = deliveries_in(connection, stored.id, DeliveryState.UNKNOWN)
    return [UnknownDelivery(one, _message_id(workspace, one, stored.public_id)) for one in found]


def _message_id(workspace: Workspace, one: ListedDelivery, edition_id: int) -> str | None:
    if one.handle is None:
        return None
    local = workspace.tokens.message_id_local(one.handle, edition_id)
    return f"<{local}@{workspace.settings.mail.domain}>"
