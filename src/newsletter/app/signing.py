"""What signs the mail: the keys that the settings name, each looked at before it is used."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.mail.dkim.private_keys import KeyKind, PrivateKey, read_private_key
from newsletter.mail.dkim.signatures import Signatures
from newsletter.settings.model import Settings
from newsletter.settings.tables import Dkim

_LARGEST_FILE = 65_536
_OTHERS = 0o077
_SETTINGS = {
    KeyKind.RSA: ("dkim.selector", "dkim.key_file"),
    KeyKind.ED25519: ("dkim.ed25519_selector", "dkim.ed25519_key_file"),
}
_NAMES = {KeyKind.RSA: "RSA", KeyKind.ED25519: "Ed25519"}


def signatures_of(settings: Settings) -> Signatures | None:
    """What signs the mail of these settings; None when they name no key, and the relay signs.

    Raises SurroundingsFailed when a key's file is missing, cannot be read or is open to others than
    its owner (A5); BadInput when settings lack one another, a file holds no key that DKIM can use,
    or the domain is not the From address's (A4).
    """
    keys = keys_in_use(settings)
    if not keys:
        return None
    signatures = Signatures(signing_domain(settings), keys)
    signatures.check_covers(settings.sender.address)
    return signatures


def signing_domain(settings: Settings) -> str:
    """The domain that signs: dkim.domain, or that of sender.address."""
    return settings.dkim.domain or settings.sender.address.rpartition("@")[2].lower()


def keys_in_use(settings: Settings) -> dict[str, PrivateKey]:
    """The keys that the settings name by their selectors, the RSA key first; raises what
    `signatures_of` does."""
    dkim = settings.dkim
    _check_both(KeyKind.RSA, dkim.selector, dkim.key_file)
    _check_both(KeyKind.ED25519, dkim.ed25519_selector, dkim.ed25519_key_file)
    _check_apart(dkim)
    chosen = (
        (KeyKind.RSA, dkim.selector, dkim.key_file),
        (KeyKind.ED25519, dkim.ed25519_selector, dkim.ed25519_key_file),
    )
    return {
        selector: read_key(settings.path(file), kind)
        for kind, selector, file in chosen
        if selector and file
    }


def read_key(file: Path, kind: KeyKind) -> PrivateKey:
    """The key in `file`, which must be of this kind; raises what `signatures_of` does."""
    where = f"{file} ({_SETTINGS[kind][1]})"
    try:
        key = read_private_key(_content(file, where))
    except BadInput as error:
        raise BadInput(error.what, where=where, cure=error.cure) from None
    if key.kind is not kind:
        selector, setting = _SETTINGS[key.kind]
        raise BadInput(
            f"this is an {_NAMES[key.kind]} key, and an {_NAMES[kind]} key is needed",
            where=where,
            cure=f"Name it as {setting}, and its selector as {selector}.",
        )
    return key


def _content(file: Path, where: str) -> bytes:
    try:
        with file.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read(_LARGEST_FILE)
    except FileNotFoundError:
        raise SurroundingsFailed(
            "there is no key",
            where=where,
            cure="Make one with `newsletter dkim-key`, or put the file back from a backup.",
        ) from None
    except OSError as error:
        raise SurroundingsFailed(
            f"the key cannot be read: {error.strerror}",
            where=where,
            cure="Let the user that sends own the file, and name the file itself.",
        ) from None
    if mode & _OTHERS:
        raise SurroundingsFailed(
            f"the key is open to others than its owner (mode {mode:04o}), who could sign as you",
            where=where,
            cure=f"Run: chmod 600 {file}",
        )
    return content


def _check_both(kind: KeyKind, selector: str | None, file: Path | None) -> None:
    selector_setting, setting = _SETTINGS[kind]
    if selector and not file:
        raise BadInput(
            f"{selector_setting} is set, but {setting} is not",
            cure=f"Name the key's file as {setting}, or leave both out.",
        )
    if file and not selector:
        raise BadInput(
            f"{setting} is set, but {selector_setting} is not",
            cure=f"Set {selector_setting} to the name under which the key stands in the DNS.",
        )


def _check_apart(dkim: Dkim) -> None:
    if dkim.ed25519_selector and not dkim.selector:
        raise BadInput(
            "dkim.ed25519_key_file is set, but dkim.key_file is not",
            cure="Few receivers know Ed25519: make an RSA key with `newsletter dkim-key`, too.",
        )
    if dkim.selector and dkim.selector == dkim.ed25519_selector:
        raise BadInput(
            f"dkim.selector and dkim.ed25519_selector are both {dkim.selector}",
            cure="A name in the DNS holds one key: give the second key a selector of its own.",
        )
