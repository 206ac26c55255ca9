"""Why a subscription is what it is: the part of a consent record that its maker knows (L1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsletter.domain.people import Basis, Wording


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why somebody may be mailed, and who says so.

    `source` is where it came from (a file, a page, a command); `wording` is what the person was
    told, None when nobody knows; `ip` is where their own act came from, None for anybody else's.
    """

    basis: Basis
    source: str
    wording: Wording | None
    actor: str
    at: datetime
    ip: str | None = None
