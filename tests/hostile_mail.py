"""Signed messages made of what hostile or unlucky people write, the same at every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from newsletter.dispatch.claims import Claim
from newsletter.dispatch.personal_messages import PersonalMessages
from newsletter.domain.compiled import CompiledLanguage, Piece, Slot
from newsletter.domain.people import MailFormat
from newsletter.mail.dkim.signatures import Signatures
from newsletter.mail.message import write_template
from newsletter.tokens.tokens import Tokens
from tests.sample_messages import COMPILED, FACTS

SENT_AT = datetime(2020, 10, 5, 9, 30, tzinfo=UTC)  # no clock is behind it
_WORDS = (
    "Siân",
    "Llanfairpwll" * 12,
    " ",
    "  ",
    "\t",
    ".",
    "..",
    "=",
    "=20",
    "=?utf-8?q?x?=",
    "From ",
    "\n.\n",
    "<b>&",
    '"',
    "\\",
    "Ω" * 40,
    "Вода",
    "\U0001f980",
    "\u00a0",
    "e\u0301",
    "x" * 200,
    ",;:()<>@",
    "{name}",
    "%s%d%%",
)
_PLAIN_WORDS = tuple(word for word in _WORDS if word.isascii() and "=?" not in word)
_BREAKING = ("\r", "\n", "\r\nBcc: all@example.org", "\r\n.\r\n", "\x00", "\u2028")
_LOCAL_PARTS = (
    "reader",
    "o'neill",
    "a.b.c",
    "x" * 64,
    "siân",
    "a+b=c",
    "{name}",
    "UPPER.case",
    "#",
)
_DOMAINS = ("example.org", "tŷ.example.org", f"{'d' * 60}.example.org", "Example.ORG")


@dataclass
class HostileMail:
    """Makes messages signed by `signatures`; what it makes depends on the seed alone."""

    tokens: Tokens
    signatures: Signatures
    seed: int = 6

    def messages(self, editions: int, readers: int) -> Iterator[bytes]:
        """That many readers' messages of that many editions."""
        random = Random(self.seed)
        for number in range(editions):
            is_personal = number % 2 == 0
            edition = self._edition(random, is_personal=is_personal)
            for _ in range(readers):
                yield edition.write(_reader(random, may_break=not is_personal), SENT_AT)[1]

    def _edition(self, random: Random, *, is_personal: bool) -> PersonalMessages:
        compiled = _compiled(random, is_personal=is_personal)
        facts = replace(
            FACTS,
            from_name=_line(random) or "x",
            list_name=_line(random) or "x",
            unsubscribe_address=random.choice((None, "leave@mail.example.org")),
        )
        return PersonalMessages(
            {("cy", ""): write_template(compiled, facts)},
            self.tokens,
            "bounces@example.org",
            topic=8,
            edition=9,
            signatures=self.signatures,
        )


def _compiled(random: Random, *, is_personal: bool) -> CompiledLanguage:
    name = Slot("name", random.choice(("", "ddarllenydd", "  ")))
    subject = (_line(random), name, _line(random)) if is_personal else (_line(random),)
    return replace(COMPILED, subject=subject, text=_body(random, name), html=_body(random, name))


def _body(random: Random, name: Slot) -> tuple[Piece, ...]:
    slots: tuple[Piece, ...] = (name, Slot("county"), Slot("unsubscribe"), Slot("view"))
    letters = random.choice(("", "Хлеб и вода " * 60))  # these make it base64
    pieces = [random.choice((*slots, _words(random))) for _ in range(random.randrange(1, 20))]
    return (letters or "x", *pieces)


def _reader(random: Random, *, may_break: bool) -> Claim:
    words = (*_WORDS, *_BREAKING) if may_break else tuple(map(_flat, _WORDS))
    name, county = ("".join(random.choices(words, k=random.randrange(4))) for _ in range(2))
    address = f"{random.choice(_LOCAL_PARTS)}@{random.choice(_DOMAINS)}"
    return Claim(
        1,
        random.randrange(1, 2**64),
        address,
        name,
        "example.org",
        "cy",
        1,
        format=random.choice(tuple(MailFormat)),
        attributes={"county": county},
    )


def _words(random: Random) -> str:
    return "".join(random.choices((*_WORDS, "\n", "\r\n", "\n\n\n"), k=random.randrange(1, 12)))


def _line(random: Random) -> str:
    words = random.choice((_WORDS, _PLAIN_WORDS))
    return _flat("".join(random.choices(words, k=random.randrange(8))))


def _flat(words: str) -> str:
    return words.replace("\n", " ").replace("\t", " ")
