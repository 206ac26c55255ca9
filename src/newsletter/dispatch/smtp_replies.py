"""What an SMTP server's answers mean: a reply's codes and words, and what became of a message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from newsletter.domain.bounces import Verdict, verdict_of
from newsletter.domain.control_characters import CONTROLS
from newsletter.domain.deliveries import DeliveryState, Outcome

_ENHANCED = re.compile(r"([245])\.[0-9]{1,3}\.[0-9]{1,3}(?=\s|$)")
_UNPRINTABLE = re.compile(f"[{CONTROLS}]+")
_TEXT_CAP = 500
"""Most characters of a reply that are kept: enough for any explanation, not for a flood."""

_SERVICE_CLOSING = 421
_STORAGE_EXCEEDED = 552


class Phase(StrEnum):
    """The steps of handing over one message, in order (RFC 5321 s3.3)."""

    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: the basic code, and each line as it came, from behind the code on.

    The words are made fit to read only when somebody asks: of most replies the code is enough.
    """

    code: int
    raw: tuple[bytes, ...]

    @property
    def lines(self) -> list[str]:
        """The words line by line; bytes that are not UTF-8 and control characters have become
        something that can be printed safely."""
        return [_fit_to_read(line) for line in self.raw]

    @property
    def told(self) -> tuple[str | None, str]:
        """The RFC 3463 code (`5.1.1`) wherever it stands, or None, and the words without it on one
        line, at most 500 characters. A code that contradicts the basic one is a word (S2)."""
        lines = self.lines
        enhanced = self._enhanced_in(lines)
        if enhanced is not None:
            lines = [line.removeprefix(enhanced).strip() for line in lines]
        return enhanced, " ".join(filter(None, lines))[:_TEXT_CAP]

    @property
    def says(self) -> str:
        """The reply as a person reads it: both codes and the words."""
        enhanced, words = self.told
        return " ".join(filter(None, (str(self.code), enhanced, words)))

    @property
    def codes(self) -> str:
        """Both codes, without a word."""
        return " ".join(filter(None, (str(self.code), self.told[0])))

    @property
    def is_closing(self) -> bool:
        """Whether the server closes the connection and asks us to come again later."""
        return self.code == _SERVICE_CLOSING

    @property
    def is_positive(self) -> bool:
        """Whether the code is a 2yz."""
        return self.code // 100 == 2

    def grants(self, phase: Phase) -> bool:
        """Whether the conversation may go on to the next step: 354 to DATA, 2yz to the others."""
        return self.code == 354 if phase is Phase.DATA else self.code // 100 == 2

    @property
    def leaves_us_in_step(self) -> bool:
        """After a refusal: whether the server still waits for a command, as we think it does."""
        return self.code // 100 in (4, 5) and self.code != _SERVICE_CLOSING

    def _enhanced_in(self, lines: Iterable[str]) -> str | None:
        for line in lines:
            match = _ENHANCED.match(line)
            if match is not None and int(match[1]) == self.code // 100:
                return match[0]
        return None


def _fit_to_read(line: bytes) -> str:
    words = line.decode(errors="replace")
    # Most are, which is known sooner than that there is nothing to be replaced.
    return (words if words.isprintable() else _UNPRINTABLE.sub(" ", words)).strip()


def outcome(phase: Phase, reply: Reply) -> Outcome:
    """What a reply that ends a message comes to (S1, S3): a refusal, or the answer to the dot.

    A refusal for good that is our fault defers: it is no reader's, and can be mended (S4).

    Before the dot, an answer that has no place there is as good as a lost connection: try again.
    After it, only the server knows what it meant, so that it is unknown (S8).
    """
    refuses_us = phase is Phase.SENDER
    return Outcome(_state(phase, reply), reply.code, *reply.told, refuses_us=refuses_us)


def _state(phase: Phase, reply: Reply) -> DeliveryState:
    kind = reply.code // 100
    if phase is Phase.MESSAGE and kind == 2:
        return DeliveryState.ACCEPTED
    if phase is Phase.SENDER:
        # A refusal of MAIL is of us (not signed in, sender not allowed), never of the reader (S4):
        # nobody is given up for a setting that somebody mends today.
        return DeliveryState.DEFERRED
    if kind == 4 or (phase is Phase.RECIPIENT and _is_too_many(reply)):
        return DeliveryState.DEFERRED
    if kind == 5:
        return _for_good(reply)
    return DeliveryState.UNKNOWN if phase is Phase.MESSAGE else DeliveryState.DEFERRED


def _for_good(reply: Reply) -> DeliveryState:
    # What is ours to mend costs no reader their mail (S4).
    is_ours = verdict_of(reply.code, *reply.told) is Verdict.OURS
    return DeliveryState.DEFERRED if is_ours else DeliveryState.FAILED


def _is_too_many(reply: Reply) -> bool:
    # RFC 5321 s4.5.3.1.10: old servers say 552 where 452 is meant (S3).
    return reply.code == _STORAGE_EXCEEDED and "too many" in reply.says.lower()


def broken_off(reason: str, *, is_dot_out: bool) -> Outcome:
    """What a message comes to when the conversation breaks: deferred, or unknown (S1, S8).

    `reason` is the beginning of a sentence: "The connection was lost".
    """
    if is_dot_out:
        words = f"{reason} after the whole message had gone out; the server may have taken it."
        return Outcome(DeliveryState.UNKNOWN, None, None, words)
    words = f"{reason} before the whole message had gone out."
    return Outcome(DeliveryState.DEFERRED, None, None, words)
