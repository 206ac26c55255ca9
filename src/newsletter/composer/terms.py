"""The terms on which an edition is composed: what does not come from its author or its brand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from newsletter.domain.findings import Level


@dataclass(frozen=True, slots=True)
class Terms:
    """Where and when an edition is composed.

    `base_url` is where the public pages live and `media_url` where published files will be found,
    both without a slash at the end; `timezone` is the IANA name of the zone in which authors write
    times; `today` is the day by which dates are past. `levels` are the levels that the workspace
    gave to rules of the checks. `attributes` are the names of the texts that it keeps of its
    subscribers, which merge values may name.
    """

    base_url: str
    media_url: str
    timezone: str
    today: date
    levels: Mapping[str, Level] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
