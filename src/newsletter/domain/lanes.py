"""Lanes: the ways by which mail leaves, each with what it takes in a time."""

from __future__ import annotations

from enum import StrEnum


class LaneKind(StrEnum):
    """Where a lane leads: out of the house, to one relay of ours, or to one receiver, which is the
    mail system of a domain."""

    ALL = "all"
    RELAY = "relay"
    RECEIVER = "receiver"
