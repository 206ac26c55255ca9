"""How long a deferred delivery waits, and how long it is tried (S5)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.domain.bounces import is_greylisting
from newsletter.domain.deliveries import Outcome

GREYLISTED = timedelta(minutes=5)
"""How soon a server that greylists is asked again, once."""

_JITTER = 0.2
_GREYLISTED_JITTER = 0.4
"""The most that waits are lengthened by, as a part of them, so that what was deferred together does
not come back together."""

_MOST_DOUBLED = 16
"""Waits are not doubled more often: this one is over a year long."""


@dataclass(frozen=True, slots=True)
class Patience:
    """When a deferred delivery is tried again, and when it is given up (S5).

    `first_retry` is the shortest wait; `expire_after` is how long it is tried, from its first
    attempt on; `chance` gives numbers from 0 to 1.
    """

    first_retry: timedelta
    expire_after: timedelta
    chance: Callable[[], float] = field(default=random.random, compare=False)

    def next_attempt(
        self, outcome: Outcome, attempt: int, first_attempt_at: datetime, now: datetime
    ) -> datetime:
        """When to try again, after this attempt, what was first tried then.

        Each wait is twice the one before, and a little longer by chance; the last one ends when it
        is given up. A server that greylists at the first attempt is asked once more after five to
        seven minutes.
        """
        wait = self._wait(outcome, attempt, now - first_attempt_at)
        return min(now + wait, first_attempt_at + self.expire_after)

    def _wait(self, outcome: Outcome, attempt: int, so_far: timedelta) -> timedelta:
        if attempt == 1 and is_greylisting(outcome.code, outcome.enhanced, outcome.reply):
            return min(GREYLISTED, self.first_retry) * (1 + _GREYLISTED_JITTER * self.chance())
        doubled = self.first_retry * (1 << min(attempt - 1, _MOST_DOUBLED))
        # The wait before is no longer than all has taken so far: what somebody had tried once more
        # after many attempts begins anew.
        wait = min(doubled, self.first_retry + max(timedelta(), so_far))
        return wait * (1 + _JITTER * self.chance())
