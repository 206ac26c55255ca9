"""What an answer says about pace: go on, more slowly, not now, or not you (S4, S13)."""

from __future__ import annotations

import re
from enum import StrEnum

from newsletter.domain.bounces import Verdict, is_too_fast, verdict_of, verdict_on
from newsletter.domain.deliveries import DeliveryState, Outcome

_CLOSING = 421
"""RFC 5321 section 3.8: the server closes the connection. Whoever comes back at once annoys it."""

_TEMPORARY = 4

_SLOWER_STATUSES = frozenset(
    {
        "4.7.28",  # registered as "mail flood detected"
        "4.7.500",  # Exchange Online: "Server busy"
        "4.7.650",  # Outlook.com: "temporarily rate limited"
    }
)

_SLOWER_WORDS = re.compile(
    r"\b(?:"
    + "|".join(
        (
            "server busy",  # Exchange Online's and Gmail's
            "slow down",
            "too much mail",  # Postfix's anvil
            "too many recipients from",  # the same; without `from` it is about one message
            "unexpected volume",  # Yahoo's [TSS04]
            "too many (?:new )?(?:deliveries|transactions)",
            "(?:send|sending|relay|hourly|daily) limit (?:was |has been |is )?(?:exceeded|reached)",
            "rate (?:was |has been |is )?exceeded",
            "trop de (?:connexions|messages)",
            "zu viele (?:verbindungen|nachrichten|e-?mails)",
        )
    )
    + ")"
)
"""What is said beside the words that `is_too_fast` knows. None of them is about one mailbox that
gets too much, nor about the number of recipients of one message."""


class Signal(StrEnum):
    """What to do about pace after an answer.

    `none`: go on. `slower`: halve the rate. `closes`: send nothing for a while, then at half the
    rate. `refuses-us`: a fault of ours, so that every other reader's message would fare the same.
    """

    NONE = "none"
    SLOWER = "slower"
    CLOSES = "closes"
    REFUSES_US = "refuses-us"


def signal_of(outcome: Outcome) -> Signal:
    """The signal in what came of an attempt; the first that holds of `closes`, `slower` and
    `refuses-us`.

    421 closes, whatever else it says, and so does a server with a trouble of its own, which takes
    no mail from anybody. A rate is no fault of what we send, so that it is not counted as one,
    whatever class its code is of.
    """
    if outcome.state is DeliveryState.ACCEPTED or outcome.code is None:
        return Signal.NONE
    if outcome.code == _CLOSING or _has_trouble(outcome):
        return Signal.CLOSES
    if _wants_it_slower(outcome):
        return Signal.SLOWER
    return Signal.REFUSES_US if verdict_on(outcome) is Verdict.OURS else Signal.NONE


def _has_trouble(outcome: Outcome) -> bool:
    """Whether a server refused MAIL for now, and not us: its disk is full, or the like."""
    code, enhanced, words = outcome.code, outcome.enhanced, outcome.reply
    if not outcome.refuses_us or code is None or code // 100 != _TEMPORARY:
        return False
    return not _wants_it_slower(outcome) and verdict_of(code, enhanced, words) is Verdict.SOFT


def _wants_it_slower(outcome: Outcome) -> bool:
    code, enhanced, words = outcome.code, outcome.enhanced, outcome.reply
    if code is None or code // 100 != _TEMPORARY:
        return False
    return (
        enhanced in _SLOWER_STATUSES
        or is_too_fast(code, enhanced, words)
        or _SLOWER_WORDS.search(words.lower()) is not None
    )
