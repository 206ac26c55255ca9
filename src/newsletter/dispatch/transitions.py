"""The states of a delivery and every way from one to another, written out as a table.

Whoever changes a delivery's state names the cause, and only rows in one of its sources change: so
what comes late, or twice, changes nothing. `docs/operator/sending.md` shows the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from newsletter.domain.deliveries import DeliveryState as State


class Cause(StrEnum):
    """Why a delivery changes its state."""

    CLAIM = "claim"
    RELEASE = "release"
    PUT_OFF = "put-off"
    ACCEPT = "accept"
    DEFER = "defer"
    FAIL = "fail"
    LOSE = "lose"
    SKIP = "skip"
    EXPIRE = "expire"
    CANCEL = "cancel"
    ERASE = "erase"
    REPEAT = "repeat"
    RETRY = "retry"
    RESEND = "resend"
    MARK_ACCEPTED = "mark-accepted"
    JOURNAL_LOST = "journal-lost"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a cause leads where, and what it means, for the docs."""

    sources: frozenset[State]
    to: State
    meaning: str


_OPEN = frozenset({State.PENDING, State.DEFERRED})
_TAKEN_ON = frozenset({State.SENDING})

TRANSITIONS: Mapping[Cause, Transition] = MappingProxyType(
    {
        Cause.CLAIM: Transition(
            _OPEN, State.SENDING, "a sender takes it on, after a look at whether it is still wanted"
        ),
        Cause.RELEASE: Transition(
            _TAKEN_ON, State.PENDING, "the sender stops, or is gone, and never began it"
        ),
        Cause.PUT_OFF: Transition(
            _TAKEN_ON,
            State.DEFERRED,
            "its receiver takes nothing now, or only so many in a time; it was not tried",
        ),
        Cause.ACCEPT: Transition(_TAKEN_ON, State.ACCEPTED, "the server answered 250"),
        Cause.DEFER: Transition(
            _TAKEN_ON,
            State.DEFERRED,
            "the server said 'not now' or was lost before the message was whole",
        ),
        Cause.FAIL: Transition(
            _TAKEN_ON, State.FAILED, "the server refused it for good, or it cannot be sent there"
        ),
        Cause.LOSE: Transition(
            _TAKEN_ON,
            State.UNKNOWN,
            "the connection or the sender was lost between the message's end and the answer to it",
        ),
        Cause.SKIP: Transition(
            _OPEN | _TAKEN_ON,
            State.SKIPPED,
            "the person left, is suppressed or paused, or the address cannot be written",
        ),
        Cause.EXPIRE: Transition(
            frozenset({State.DEFERRED}),
            State.FAILED,
            "it has been tried for `dispatch.expire_after`",
        ),
        Cause.CANCEL: Transition(_OPEN, State.SKIPPED, "`send cancel`"),
        Cause.ERASE: Transition(_OPEN, State.SKIPPED, "the person was erased"),
        Cause.REPEAT: Transition(
            _TAKEN_ON,
            State.DEFERRED,
            'the same as for unknown, with `dispatch.ambiguous = "resend"`',
        ),
        Cause.RETRY: Transition(frozenset({State.FAILED}), State.PENDING, "`send retry`"),
        Cause.RESEND: Transition(
            frozenset({State.UNKNOWN}), State.PENDING, "`send unknown --resend`"
        ),
        Cause.MARK_ACCEPTED: Transition(
            frozenset({State.UNKNOWN}), State.ACCEPTED, "`send unknown --mark-accepted`"
        ),
        Cause.JOURNAL_LOST: Transition(
            _TAKEN_ON,
            State.UNKNOWN,
            "`send resume --journal-lost`, or `db adopt`: its sender's journal cannot be read",
        ),
        Cause.DOUBT: Transition(
            _OPEN,
            State.UNKNOWN,
            "`send resume --pending-unknown`: another copy of the database may have sent it",
        ),
    }
)
