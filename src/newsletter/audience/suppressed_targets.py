"""What is suppressed: an address, everybody at a domain, or somebody erased; each is one text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.domain.errors import BadAddress
from newsletter.mail.addresses import mask, parse_address
from newsletter.tokens.erasure_seals import PREFIX, ErasureSeals

_SEAL = re.compile(rf"{PREFIX}\d{{1,2}}-[0-9a-f]{{16}}:[0-9a-f]{{64}}")


@dataclass(frozen=True, slots=True)
class Target:
    """What to suppress: `text` is a canonical address, `@` and a domain as A-label, or a seal."""

    text: str

    @property
    def is_domain(self) -> bool:
        """Whether everybody at a domain is meant; nobody at the domains below it is."""
        return self.text.startswith("@")

    @property
    def is_seal(self) -> bool:
        """Whether it is what stays of an erased address: nobody can say whose (L4)."""
        return self.text.startswith(PREFIX)

    @property
    def shown(self) -> str:
        """How audit lines and errors name it: an address masked, a domain whole."""
        if self.is_seal:
            return "somebody erased"
        return self.text if self.is_domain else mask(self.text)

    def own_texts(self, seals: ErasureSeals) -> tuple[str, ...]:
        """What it may be kept as: as it is, and an address also as each of its seals."""
        if self.is_domain or self.is_seal:
            return (self.text,)
        return (self.text, *seals.every_seal(self.text))


def parse_target(text: str) -> Target:
    """The address, `@domain` or domain that a person means.

    Raises BadAddress when it is none of them (M12 to M14).
    """
    typed = text.strip()
    if "@" in typed[1:]:
        return Target(parse_address(typed).canonical)
    try:
        somebody = parse_address(f"a@{typed.removeprefix('@')}").canonical
    except BadAddress:
        raise BadAddress(
            f'"{typed}" is neither an email address nor a domain',
            cure="Write name@example.org, or @example.org for everybody there.",
        ) from None
    return Target(domain_of(somebody))


def parse_listed_target(text: str, seals: ErasureSeals) -> Target:
    """What a line of a list of suppressions means, the seal of somebody erased included.

    Raises BadAddress also for a seal that this workspace has no key for: nobody would be kept off
    the list by it.
    """
    typed = text.strip()
    if not typed.startswith(PREFIX):
        return parse_target(typed)
    if _SEAL.fullmatch(typed) is None:
        raise BadAddress("that is no seal of an erased address", cure="Leave the line as it was.")
    if not seals.knows_key_of(typed):
        raise BadAddress(
            "this workspace lacks the key that the seal was made with",
            cure="Add the key to data/keys/keys.json, from the workspace that the list is of.",
        )
    return Target(typed)


def domain_of(canonical: str) -> str:
    """The domain of a canonical address as the target that suppresses everybody there."""
    return f"@{canonical.rpartition('@')[2]}"
