"""Keys: those that receivers verify are read, every other is refused, and none is ever shown."""

from __future__ import annotations

from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.domain.errors import BadInput
from newsletter.mail.dkim.private_keys import Ed25519Key, KeyKind, RsaKey, read_private_key
from tests.dkim_keys import ed25519_key, rsa_key


def pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
    form: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(Encoding.PEM, form, encryption or NoEncryption())


def an_rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_an_rsa_key_is_read_in_either_form(form: PrivateFormat) -> None:
    key = read_private_key(pem(an_rsa_key(), form))

    assert key.kind is KeyKind.RSA


@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_a_key_comes_back_from_its_file(key: RsaKey | Ed25519Key) -> None:
    again = read_private_key(key.as_pem().encode())

    assert (again.kind, again.public) == (key.kind, key.public)


@pytest.mark.parametrize("bits", [1024, 2047])
def test_a_key_that_is_too_short_is_refused(bits: int) -> None:
    """A1; RFC 8301 section 3.2."""
    with pytest.raises(BadInput, match=f"has {bits} bits"):
        read_private_key(pem(an_rsa_key(bits)))


def test_a_key_that_receivers_need_not_verify_is_refused() -> None:
    """RFC 8301 section 3.2: 4096 bits at most."""

    class LongKey:  # to make one takes ten seconds
        key_size = 4104

    with pytest.raises(BadInput, match="has 4104 bits"):
        RsaKey(cast(rsa.RSAPrivateKey, LongKey()))


def test_a_key_of_a_kind_that_dkim_does_not_know_is_refused() -> None:
    with pytest.raises(BadInput, match="neither RSA nor Ed25519"):
        read_private_key(pem(ec.generate_private_key(ec.SECP256R1())))


def test_an_encrypted_key_is_refused() -> None:
    with pytest.raises(BadInput, match="encrypted"):
        read_private_key(pem(an_rsa_key(), encryption=BestAvailableEncryption(b"cyfrinach")))


def test_a_public_key_is_told_from_a_private_one() -> None:
    public = an_rsa_key().public_key()

    with pytest.raises(BadInput, match="public key"):
        read_private_key(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def test_what_is_no_key_is_refused_and_not_quoted() -> None:
    """X13."""
    broken = rsa_key().as_pem()[:-300].encode()

    for content in (b"", b"\x00\xff", b"cyfrinach", broken):
        with pytest.raises(BadInput, match="no private key") as caught:
            read_private_key(content)
        assert "cyfrinach" not in str(caught.value)


@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_a_key_shows_nothing_of_itself(key: RsaKey | Ed25519Key) -> None:
    """A5."""
    secret = key.as_pem().splitlines()[1]

    assert secret not in repr(key)
    assert secret not in str(key)
    assert key.public not in repr(key)
