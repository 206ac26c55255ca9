"""Relays that asked us to come again later: they are left alone until then, from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from newsletter.app.workspace import Workspace
from newsletter.dispatch.lanes import store as lane_store
from newsletter.dispatch.lanes.lanes import Lanes
from newsletter.dispatch.lanes.limits import Limits
from newsletter.dispatch.relays import WeightedRelay
from newsletter.domain.errors import RelayUnreachable
from newsletter.domain.lanes import LaneKind
from newsletter.storage.engine import reading, writing


def relays_open(
    workspace: Workspace, relays: Sequence[WeightedRelay]
) -> tuple[list[WeightedRelay], datetime | None]:
    """Those of the relays that may be spoken to now, and when the first of the others may be."""
    now = workspace.now()
    with reading(workspace.engine) as connection:
        lanes = lane_store.lanes_now(connection, now)
    later = {
        lane.name: lane.closed_until
        for lane in lanes
        if lane.kind is LaneKind.RELAY and lane.closed_until is not None and lane.closed_until > now
    }
    named = [later[one.name] for one in relays if one.name in later]
    return [one for one in relays if one.name not in later], min(named, default=None)


def remember_waiting(workspace: Workspace, fault: RelayUnreachable) -> None:
    """Notes of a relay that it asked us to wait, if it did."""
    if fault.where is None or fault.asks_to_wait is None:
        return
    now = workspace.now()
    lanes = Lanes(Limits())
    with writing(workspace.engine) as connection:
        lanes.learn(lane_store.exchange(connection, {}, now))
        lanes.turned_away(fault.where, fault.asks_to_wait, now)
        lane_store.exchange(connection, lanes.news(now), now)
