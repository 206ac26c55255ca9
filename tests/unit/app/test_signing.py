"""The keys that the settings name: what cannot sign is refused, and the cure is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from newsletter.app.signing import signatures_of
from newsletter.domain.errors import BadInput, NewsletterError, SurroundingsFailed
from newsletter.settings.model import FileSettings, Settings
from tests.dkim_keys import ed25519_key, rsa_key


def settings(folder: Path, address: str = "news@example.org", **dkim: str) -> Settings:
    return FileSettings.of_folder(
        folder,
        site={"name": "x", "base_url": "https://news.example.org", "languages": ["en"]},
        sender={"address": address},
        mail={"domain": "news.example.org", "bounce_address": "bounces@news.example.org"},
        dkim=dkim,
    )


def rsa_settings(folder: Path, **dkim: str) -> Settings:
    return settings(folder, **{"selector": "news", "key_file": "key.pem", **dkim})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an RSA and an Ed25519 key."""
    for name, key in (("key.pem", rsa_key()), ("second.pem", ed25519_key())):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(key.as_pem())
    return tmp_path


def said(given: Settings, kind: type[NewsletterError]) -> str:
    with pytest.raises(kind) as caught:
        signatures_of(given)
    assert caught.value.cure
    return str(caught.value)


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    assert signatures_of(settings(tmp_path)) is None


def test_the_senders_domain_signs(folder: Path) -> None:
    found = signatures_of(rsa_settings(folder))

    assert found is not None
    assert found.domain == "example.org"


def test_a_domain_that_is_set_signs_instead(folder: Path) -> None:
    given = settings(
        folder, "news@mail.example.org", domain="example.org", selector="a", key_file="key.pem"
    )

    found = signatures_of(given)

    assert found is not None
    assert found.domain == "example.org"


def test_a_domain_that_is_not_the_senders_is_refused(folder: Path) -> None:
    """A4: both are named."""
    words = said(rsa_settings(folder, domain="example.net"), BadInput)

    assert "example.net" in words
    assert "news@example.org" in words


def test_a_key_without_a_selector_is_refused_and_the_other_way(folder: Path) -> None:
    words = said(settings(folder, key_file="key.pem"), BadInput)
    assert "dkim.key_file is set, but dkim.selector is not" in words

    words = said(settings(folder, selector="news"), BadInput)
    assert "dkim.selector is set, but dkim.key_file is not" in words


def test_a_second_key_without_its_selector_is_refused_and_the_other_way(folder: Path) -> None:
    words = said(rsa_settings(folder, ed25519_key_file="second.pem"), BadInput)
    assert "dkim.ed25519_key_file is set, but dkim.ed25519_selector is not" in words

    words = said(rsa_settings(folder, ed25519_selector="second"), BadInput)
    assert "dkim.ed25519_selector is set, but dkim.ed25519_key_file is not" in words


def test_a_second_key_alone_is_refused(folder: Path) -> None:
    """A2."""
    words = said(
        settings(folder, ed25519_selector="second", ed25519_key_file="second.pem"), BadInput
    )

    assert "dkim.key_file is not" in words


def test_two_keys_of_one_selector_are_refused(folder: Path) -> None:
    given = rsa_settings(folder, ed25519_selector="news", ed25519_key_file="second.pem")

    assert "are both news" in said(given, BadInput)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    words = said(rsa_settings(tmp_path), SurroundingsFailed)

    assert f"{tmp_path / 'key.pem'} (dkim.key_file): there is no key" in words
    assert "newsletter dkim-key" in words


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "key.pem").mkdir()

    assert "cannot be read: Is a directory" in said(rsa_settings(tmp_path), SurroundingsFailed)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_is_open_to_others_is_refused(folder: Path, mode: int) -> None:
    """A5."""
    (folder / "key.pem").chmod(mode)

    words = said(rsa_settings(folder), SurroundingsFailed)

    assert f"(mode {mode:04o})" in words
    assert f"chmod 600 {folder / 'key.pem'}" in words


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_of_its_owners_alone_is_taken(folder: Path, mode: int) -> None:
    (folder / "key.pem").chmod(mode)

    assert signatures_of(rsa_settings(folder)) is not None


def test_keys_of_the_wrong_kind_are_told_where_they_belong(folder: Path) -> None:
    words = said(rsa_settings(folder, key_file="second.pem"), BadInput)
    assert "(dkim.key_file): this is an Ed25519 key, and an RSA key is needed" in words
    assert "dkim.ed25519_key_file" in words

    given = rsa_settings(folder, ed25519_selector="second", ed25519_key_file="key.pem")
    words = said(given, BadInput)
    assert "(dkim.ed25519_key_file): this is an RSA key, and an Ed25519 key is needed" in words


def test_a_key_that_is_too_short_is_named_by_its_file(folder: Path) -> None:
    """A1."""
    short = generate_private_key(65537, 1024)
    pem = short.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)

    words = said(rsa_settings(folder), BadInput)

    assert f"{folder / 'key.pem'} (dkim.key_file): the RSA key has 1024 bits" in words


def test_what_is_no_key_is_named_and_not_quoted(folder: Path) -> None:
    """X13."""
    (folder / "key.pem").write_text("cyfrinach")

    words = said(rsa_settings(folder), BadInput)

    assert f"{folder / 'key.pem'} (dkim.key_file): there is no private key" in words
    assert "cyfrinach" not in words
