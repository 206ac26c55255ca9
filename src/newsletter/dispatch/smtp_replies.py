"""What an SMTP server's answers mean: lines to a reply, a reply to what became of a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsletter.domain.control_characters import CONTROLS
from newsletter.domain.deliveries import DeliveryState, Outcome

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
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
class ReplyLine:
    """One line of a reply; `is_last` when no other follows."""

    code: int
    is_last: bool
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: the basic code, the RFC 3463 code or None, and the text line by line."""

    code: int
    enhanced: str | None
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The server's words on one line, at most 500 characters."""
        return " ".join(line for line in self.lines if line)[:_TEXT_CAP]

    @property
    def says(self) -> str:
        """The reply as a person reads it: both codes and the words."""
        codes = str(self.code) if self.enhanced is None else f"{self.code} {self.enhanced}"
        return f"{codes} {self.text}".rstrip()

    @property
    def is_positive(self) -> bool:
        """Whether the code is a 2yz."""
        return self.code // 100 == 2

    def grants(self, phase: Phase) -> bool:
        """Whether the conversation may go on to the next step: 354 to DATA, 2yz to the others."""
        return self.code == 354 if phase is Phase.DATA else self.is_positive

    @property
    def leaves_us_in_step(self) -> bool:
        """After a refusal: whether the server still waits for a command, as we think it does."""
        return self.code // 100 in (4, 5) and self.code != _SERVICE_CLOSING


def read_line(raw: bytes) -> ReplyLine | None:
    """One line of a reply, without its line feed; None when it is not SMTP.

    Bytes that are not UTF-8 and control characters become something that can be printed safely.
    """
    match = _LINE.fullmatch(raw.removesuffix(b"\r"))
    if match is None:
        return None
    text = _UNPRINTABLE.sub(" ", (match[3] or b"").decode(errors="replace"))
    return ReplyLine(code=int(match[1]), is_last=match[2] != b"-", text=text.strip())


def whole_reply(lines: Sequence[ReplyLine]) -> Reply | None:
    """The reply that one or more lines make up; None when their codes differ (RFC 5321 s4.2.1)."""
    code = lines[0].code
    if any(line.code != code for line in lines):
        return None
    enhanced = next(filter(None, (_enhanced(line) for line in lines)), None)
    texts = (line.text.removeprefix(enhanced or "").strip() for line in lines)
    return Reply(code, enhanced, tuple(texts))


def _enhanced(line: ReplyLine) -> str | None:
    """The RFC 3463 code that begins the line, unless it contradicts the basic code (S2)."""
    match = _ENHANCED.match(line.text)
    if match is None or int(match[1]) != line.code // 100:
        return None
    return match[0]


def outcome(phase: Phase, reply: Reply) -> Outcome:
    """What a reply that ends a message comes to (S1, S3): a refusal, or the answer to the dot.

    Before the dot, an answer that has no place there is as good as a lost connection: try again.
    After it, only the server knows what it meant, so that it is unknown (S8).
    """
    return Outcome(_state(phase, reply), reply.code, reply.enhanced, reply.text)


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
        return DeliveryState.FAILED
    return DeliveryState.UNKNOWN if phase is Phase.MESSAGE else DeliveryState.DEFERRED


def _is_too_many(reply: Reply) -> bool:
    # RFC 5321 s4.5.3.1.10: old servers say 552 where 452 is meant (S3).
    return reply.code == _STORAGE_EXCEEDED and "too many" in reply.text.lower()


def broken_off(reason: str, *, is_dot_out: bool) -> Outcome:
    """What a message comes to when the conversation breaks: deferred, or unknown (S1, S8).

    `reason` is the beginning of a sentence: "The connection was lost".
    """
    if is_dot_out:
        words = f"{reason} after the whole message had gone out; the server may have taken it."
        return Outcome(DeliveryState.UNKNOWN, None, None, words)
    words = f"{reason} before the whole message had gone out."
    return Outcome(DeliveryState.DEFERRED, None, None, words)
