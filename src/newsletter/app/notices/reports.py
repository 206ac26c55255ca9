"""What one call that sends notices may do, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.dispatch.stopping import Stopping
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.errors import NewsletterError
from newsletter.domain.notices import NoticeKind

MOST = 200
"""Notices sent in one call at most: whoever calls has other things to do, too."""

SECONDS = 20.0
"""How long one call may begin new ones."""


@dataclass(frozen=True, slots=True)
class NoticeDone:
    """What came of one notice; `code` and `enhanced` are the server's, if it answered."""

    id: int
    kind: NoticeKind
    state: DeliveryState
    code: int | None = None
    enhanced: str | None = None


@dataclass
class NoticeReport:
    """What one call came to: the notices that were dealt with, how many came too late; how many
    wait because no relay is set; when the relay is to be asked again that wants to be left alone;
    what kept others from being sent."""

    done: list[NoticeDone] = field(default_factory=list)
    expired: int = 0
    without_relay: int = 0
    opens_at: datetime | None = None
    faults: list[NewsletterError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one call may do: `most` notices, no new one begun after `seconds` by `clock`, nor
    when it is asked to stop."""

    most: int = MOST
    seconds: float = SECONDS
    stopping: Stopping = field(default_factory=Stopping)
    clock: Callable[[], float] = time.monotonic
