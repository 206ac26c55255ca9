"""What a refusal says of its reader and of us: the policy of B3, as tables.

Whoever hears a server refuse, at once or in a bounce, asks here; nothing here knows which it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from newsletter.domain.deliveries import Outcome


class Verdict(StrEnum):
    """Whose fault a refusal is: `hard` for good and the address's, `soft` for now or nobody's,
    `ours` the sender's, for which no reader is blamed (S4)."""

    HARD = "hard"
    SOFT = "soft"
    OURS = "ours"


_PERMANENT = 5
_TEMPORARY = 4

_NOT_SIGNED_IN = frozenset({530, 534, 535, 538})
"""Reply codes of RFC 4954 (and its forerunner): the server wants a sign-in, or another one."""

_BY_STATUS: Mapping[str, Verdict] = MappingProxyType(
    {
        "5.1.1": Verdict.HARD,  # no such mailbox
        "5.1.2": Verdict.HARD,  # no such system
        "5.1.3": Verdict.HARD,  # not an address
        "5.1.6": Verdict.HARD,  # moved, and nobody says where
        "5.1.7": Verdict.OURS,  # the sender's address is not one
        "5.1.8": Verdict.OURS,  # the sender's system is not accepted
        "5.1.10": Verdict.HARD,  # the domain takes no mail (RFC 7505)
        "5.2.1": Verdict.HARD,  # disabled
        "5.2.2": Verdict.SOFT,  # full
        "5.3.4": Verdict.SOFT,  # too big for it
    }
)
"""RFC 3463 codes that say enough by themselves."""

_BY_SUBJECT: Mapping[str, Verdict] = MappingProxyType(
    {"5.4": Verdict.SOFT, "5.7": Verdict.OURS, "4.7": Verdict.OURS}
)
"""The same for all codes that begin so: the network, and security or policy."""


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{phrase})" for phrase in phrases))


_GREYLISTING = _any_of(r"gr[ae]y[ -]?list", "postgrey", "sqlgrey", "liste grise")
"""Postgrey, SQLgrey, milter-greylist, rspamd, Exim's and Cisco's recipes all name it so."""

_TOO_FAST = _any_of(
    r"rate[ -]?limit",
    r"(?:sending|connection|message|mail) rate",
    r"unusual rate",
    "too fast",
    "too many (?:messages|mails|e-?mails|connections|concurrent|sessions)",
    "throttl",
)

_OVERRULING: tuple[tuple[Verdict, re.Pattern[str]], ...] = (
    (Verdict.OURS, _any_of("(?:sending|relaying|outgoing|outbound) (?:quota|limit)")),
    (
        Verdict.SOFT,
        _any_of(
            "over ?quota",
            "quota (?:has been |is |was )?(?:exceeded|full|reached)",
            "(?:exceed|out of|above|beyond|over)[^;]{0,40} (?:quota|storage|disk space)",
            "(?:mail ?box|inbox|mail ?drop) (?:size |has |is |was )*(?:full|exceed)",
            "insufficient (?:system |disk )?(?:storage|space|quota)",
            "(?:receiving|received) mail (?:at a rate|too (?:quickly|fast))",  # Gmail's 5.2.1
        ),
    ),
    (Verdict.OURS, _TOO_FAST),
    (
        Verdict.OURS,
        _any_of(
            "(?:black|block|deny) ?-?list",
            "rbl",
            "dnsbl",
            "blocked (?:using|by|for|due|because|from)",
            r"(?:ip|ip address|client|host|network|sender|message|e?-?mail|connection) [^;]{0,60}"
            r"(?:blocked|block list|banned)",
            "spam",
            "unsolicited",
            "virus",
            "malware",
            "phish",
            "reputation",
            "polic(?:y|ies)",
            "administrative(?:ly)? prohibit",
            "dmarc",
            "dkim",
            "spf",
            "authentication",
            "unauthenticated",
            "sender (?:address |domain )?(?:is |was )?(?:rejected|denied|refused|blocked|unknown"
            "|invalid|verify|verification|not allowed)",
            "relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:allowed|permitted)|prohibited)",
            "(?:not allowed|unable|not permitted) to relay",
        ),
    ),
)
"""Words that win over any status: gateways send them as 5.1.1 and 5.2.1 too. The first that fits
decides."""

_NOBODY_THERE = _any_of(
    "(?:user|recipient|addressee|address|mailbox|account)(?: name)? (?:is )?"
    "(?:unknown|not found|not known|not recognized|invalid|disabled|inactive)",
    "(?:unknown|invalid|no such|non-?existent) (?:local )?"
    "(?:user|recipient|addressee|address|mailbox|mail drop|account|person|local[ -]part)",
    "(?:user|recipient|address|mailbox|account)[^;]{0,60}(?:does not|doesn.t|did not) exist",
    "(?:user|recipient|address|mailbox|account)[^;]{0,40}no longer"
    " (?:available|active|valid|exists?|in use)",
    "(?:user|mailbox|account)[^;]{0,40} (?:disabled|discontinued|deactivated|closed)",
    "no mailbox(?: here)? by that name",
    "mailbox unavailable",
    "unrout(?:e)?able address",
    "not a (?:valid|known) (?:user|recipient|mailbox|address)",
    "not listed in (?:public name|domino directory)",
    "(?:does not|doesn.t) have an? [^;]{0,40}account",
    "recipientnotfound",
)
"""Words that leave no doubt that nobody reads mail there; wanted where the status says nothing."""

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_ADDRESSES = re.compile(r"<[^>]*>|\S+@\S+")
_LINKS = re.compile(r"https?://\S+")


def verdict_of(code: int | None, enhanced: str | None, words: str) -> Verdict:
    """Whose fault a refusal is (B3, S4).

    `code` is the basic code (550) and `enhanced` that of RFC 3463 (5.1.1), each None when nobody
    knows it; `words` is the rest of the answer, any length, in which addresses count for nothing.
    Words that name a block list, a rate, a quota or a policy win over a status; where the status
    says nothing, a code inside the words does, then clear words; what is left is soft. An
    `enhanced` that contradicts the basic code is not believed (S2), one that is none does no harm.
    """
    if code in _NOT_SIGNED_IN:
        return Verdict.OURS
    if is_greylisting(code, enhanced, words):
        return Verdict.SOFT
    said = _LINKS.sub(" ", _plain(words))
    kind = _kind(code, enhanced)
    return (
        _overruled(said)
        or _by_status(enhanced or "", kind)
        or _by_status(said, kind)
        or _by_words(said, kind)
    )


def verdict_on(outcome: Outcome) -> Verdict:
    """The same of an attempt that was not accepted; soft when the server said nothing."""
    if outcome.refuses_us:
        return Verdict.OURS
    if outcome.code is None:
        return Verdict.SOFT
    return verdict_of(outcome.code, outcome.enhanced, outcome.reply)


def is_greylisting(code: int | None, enhanced: str | None, words: str) -> bool:
    """Whether a server says that it only wants to see us come back (RFC 6647): a 4yz in which the
    words name it, for codes do not."""
    is_temporary = _kind(code, enhanced) == _TEMPORARY
    return is_temporary and _GREYLISTING.search(_plain(words)) is not None


def is_too_fast(code: int | None, enhanced: str | None, words: str) -> bool:
    """Whether a server says that we send faster than it likes: 4.7.28, or a 4yz in such words
    (S13)."""
    if _kind(code, enhanced) != _TEMPORARY:
        return False
    return enhanced == "4.7.28" or _TOO_FAST.search(_plain(words)) is not None


def _plain(words: str) -> str:
    return _ADDRESSES.sub(" ", words).lower()


def _kind(code: int | None, enhanced: str | None) -> int:
    """The first digit, by whoever gives one; a refusal of which nobody knows more is for good."""
    if code is not None:
        return code // 100
    match = _STATUS.match(enhanced or "")
    return int(match[1]) if match else _PERMANENT


def _by_status(text: str, kind: int) -> Verdict | None:
    """What the first code in the text that says anything says; codes of another kind are words."""
    codes = (match[0] for match in _STATUS.finditer(text) if int(match[1]) == kind)
    return next(filter(None, map(_of_status, codes)), None)


def _of_status(status: str) -> Verdict | None:
    return _BY_STATUS.get(status) or _BY_SUBJECT.get(status.rpartition(".")[0])


def _overruled(said: str) -> Verdict | None:
    return next((verdict for verdict, words in _OVERRULING if words.search(said)), None)


def _by_words(said: str, kind: int) -> Verdict:
    is_hard = kind == _PERMANENT and _NOBODY_THERE.search(said) is not None
    return Verdict.HARD if is_hard else Verdict.SOFT
