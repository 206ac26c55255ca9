"""Keys to sign with in tests, made once for all of them, and what the DNS would say of each."""

from __future__ import annotations

from functools import cache

from newsletter.mail.dkim.private_keys import Ed25519Key, RsaKey
from newsletter.mail.dkim.signatures import Signatures

SELECTOR, ED25519_SELECTOR = "news-2026-11", "ed25519-2026-11"


@cache
def rsa_key() -> RsaKey:
    return RsaKey.make()


@cache
def ed25519_key() -> Ed25519Key:
    return Ed25519Key.make()


def signatures(domain: str = "example.org") -> Signatures:
    """An RSA signature, then an Ed25519 one."""
    return Signatures(domain, {SELECTOR: rsa_key(), ED25519_SELECTOR: ed25519_key()})


def records(domain: str = "example.org") -> dict[str, str]:
    """What the DNS says of these keys, by name."""
    return {
        f"{SELECTOR}._domainkey.{domain}": f"v=DKIM1; k=rsa; p={rsa_key().public}",
        f"{ED25519_SELECTOR}._domainkey.{domain}": f"v=DKIM1; k=ed25519; p={ed25519_key().public}",
    }
