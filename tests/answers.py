"""Answers of servers to one message, by what they mean for those that come after it."""

from __future__ import annotations

from newsletter.domain.deliveries import DeliveryState, Outcome

ACCEPTED = Outcome(DeliveryState.ACCEPTED, 250, "2.0.0", "Ok")
UNKNOWN_USER = Outcome(DeliveryState.FAILED, 550, "5.1.1", "User unknown")
LOST = Outcome(DeliveryState.DEFERRED, None, None, "The connection was lost.")
CLOSING = Outcome(DeliveryState.DEFERRED, 421, "4.7.0", "Try again later")
TOO_FAST = Outcome(DeliveryState.DEFERRED, 450, "4.7.28", "Unusual rate")
OURS = Outcome(DeliveryState.DEFERRED, 550, "5.7.515", "Access denied")
NOT_SIGNED_IN = Outcome(DeliveryState.DEFERRED, 530, "5.7.0", "Sign in first", refuses_us=True)
RELAY_CLOSING = Outcome(DeliveryState.DEFERRED, 421, "4.3.2", "Shutting down", refuses_us=True)
RELAY_TOO_FAST = Outcome(DeliveryState.DEFERRED, 450, "4.7.1", "too much mail", refuses_us=True)
