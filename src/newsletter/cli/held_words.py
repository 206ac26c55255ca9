"""Why an edition is held, or refused in part, and what to do about it, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from newsletter.app.why_held import WhyHeld
from newsletter.domain.editions import HeldReason

_MOST_CODES = 3
"""More are not named: the report has them all."""


def held_words(slug: str, why: WhyHeld) -> str:
    """What happened, with the codes that servers answered, and what to do: a line or two."""
    words = _WORDS.get(why.reason)
    return words(slug, why) if words else f"Mend it, then run {_resume(slug)}."


def refusing_words(slug: str, codes: Mapping[str, int]) -> str:
    """That some mail servers refuse us while others accept, and where to look."""
    why = WhyHeld(HeldReason.OUR_FAULT, codes)
    return (
        f"Some mail servers refuse us, not the readers: {_deliveries(why.number)} after"
        f" {_codes(why)}. They are tried again until they are given up (dispatch.expire_after), so"
        f" mend that before; `newsletter report {slug} --words` shows who says what."
    )


def _our_fault(slug: str, why: WhyHeld) -> str:
    waiting = f": {_deliveries(why.number)} after {_codes(why)}" if why.codes else ""
    return (
        f"Mail servers refuse us, not the readers, who wait and are not blamed{waiting}."
        f" `newsletter report {slug} --words` shows what they say. Mend that, then run"
        f" {_resume(slug)}: they are tried at once."
    )


def _hard_bounces(slug: str, why: WhyHeld) -> str:
    return (
        f"Of the first {why.answers} answers, {why.number} say that there is no such address"
        f" ({_codes(why)}). These are suppressed now; `newsletter send failures {slug}` lists them."
        f" See where the list came from. If the rest is good, run {_resume(slug)}: the edition is"
        " not held for that again."
    )


def _complaints(slug: str, _: WhyHeld) -> str:
    return (
        "Too many readers have reported mail of the last 30 days as spam; `newsletter report"
        f" {slug}` says where. Find out how they came on the list and what they had asked for. If"
        f" it may go all the same, run {_resume(slug)}: the edition is not held for that again."
    )


def _resume(slug: str) -> str:
    return f"`newsletter send resume {slug}`"


def _codes(why: WhyHeld) -> str:
    named = list(why.codes.items())[:_MOST_CODES]
    told = [code if len(why.codes) == 1 else f"{number} {code}" for code, number in named]
    more = ["others"] if len(why.codes) > _MOST_CODES else []
    return ", ".join([*told, *more])


def _deliveries(number: int) -> str:
    return "1 delivery" if number == 1 else f"{number} deliveries"


_WORDS: Mapping[HeldReason, Callable[[str, WhyHeld], str]] = MappingProxyType(
    {
        HeldReason.OUR_FAULT: _our_fault,
        HeldReason.HARD_BOUNCES: _hard_bounces,
        HeldReason.COMPLAINTS: _complaints,
    }
)
