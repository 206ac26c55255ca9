"""Keys that sign the mail, as whoever sets them up meets them: made, and shown for the DNS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from string import ascii_lowercase
from types import MappingProxyType

from newsletter.app.private_file import write_new
from newsletter.app.signing import keys_in_use, signing_domain
from newsletter.app.workspace import Workspace
from newsletter.domain.errors import BadInput, Refused
from newsletter.mail.dkim.dns_record import DnsRecord, record_of
from newsletter.mail.dkim.private_keys import USUAL_BITS, Ed25519Key, KeyKind, PrivateKey, RsaKey
from newsletter.mail.dkim.signatures import check_covers
from newsletter.settings.model import Settings
from newsletter.settings.values import a_selector
from newsletter.storage import audit
from newsletter.storage.engine import writing

_PREFIX: Mapping[KeyKind, str] = MappingProxyType({KeyKind.RSA: "", KeyKind.ED25519: "ed25519_"})
"""What the names of a key's settings begin with."""


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key as others see it: never what is in its file.

    `file` is as the settings name it; `bits` is an RSA key's length, None of an Ed25519 one.
    `replaces` is the selector of the key of its kind that signs now, None where it is this one or
    there is none.
    """

    kind: KeyKind
    bits: int | None
    selector: str
    domain: str
    file: str
    record: DnsRecord
    replaces: str | None = None

    @property
    def settings(self) -> dict[str, str]:
        """The settings under [dkim] with which this key signs, by their names."""
        prefix = _PREFIX[self.kind]
        return {f"{prefix}selector": self.selector, f"{prefix}key_file": self.file}

    def as_json(self) -> dict[str, object]:
        """The key with exactly the names that the command line promises."""
        return {
            "kind": self.kind,
            "bits": self.bits,
            "selector": self.selector,
            "domain": self.domain,
            "file": self.file,
            "record": {
                "name": self.record.name,
                "type": "TXT",
                "value": self.record.value,
                "strings": list(self.record.strings),
            },
            "settings": self.settings,
            "replaces": self.replaces,
        }


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """The key that somebody wants: an RSA one of `bits` (2048 if None) or an Ed25519 one.

    Without `selector` it gets one of this month; without `file` it is put beside the other keys.
    """

    kind: KeyKind = KeyKind.RSA
    bits: int | None = None
    selector: str | None = None
    file: Path | None = None


def make_key(workspace: Workspace, order: KeyOrder, *, actor: str) -> ShownKey:
    """Makes a key in a file of its owner's alone, and says so in the audit (A5, X15).

    Nothing is signed with it until the settings name it. Raises BadInput for a selector that cannot
    be, a file that is there already, or a domain that is not the From address's (A4);
    SurroundingsFailed when the file cannot be written.
    """
    settings = workspace.settings
    domain = signing_domain(settings)
    check_covers(domain, settings.sender.address)
    selector = _checked(order.selector) if order.selector else _new_selector(workspace, order.kind)
    file = order.file or _place(settings, selector)
    key = _made(order)
    with writing(workspace.engine) as connection:
        audit.record(
            connection,
            actor=actor,
            action="dkim-key",
            subject=selector,
            detail=f"{key.algorithm} key for {domain}",
            at=workspace.now(),
        )
        # Last, so that of the two none is kept alone.
        write_new(file, key.as_pem(), what="the key", cure="Name another place with --out.")
    shown = _shown(key, settings, selector, _as_setting(settings, file))
    return replace(shown, replaces=getattr(settings.dkim, f"{_PREFIX[key.kind]}selector"))


def shown_keys(settings: Settings) -> list[ShownKey]:
    """The keys that sign now, the RSA key first.

    Raises Refused when there is none, and what `signatures_of` does of keys that cannot sign.
    """
    keys = keys_in_use(settings)
    if not keys:
        raise Refused(
            "no key is set, so nothing is signed here; your relay may do it",
            cure="Make one with `newsletter dkim-key`.",
        )
    files = {
        settings.dkim.selector: settings.dkim.key_file,
        settings.dkim.ed25519_selector: settings.dkim.ed25519_key_file,
    }
    return [_shown(key, settings, name, str(files[name])) for name, key in keys.items()]


def _shown(key: PrivateKey, settings: Settings, selector: str, file: str) -> ShownKey:
    domain = signing_domain(settings)
    record = record_of(key, selector=selector, domain=domain)
    return ShownKey(key.kind, key.bits, selector, domain, file, record)


def _checked(selector: str) -> str:
    try:
        return a_selector(selector)
    except ValueError as error:
        raise BadInput(f"--selector {selector}: {error}") from None


def _new_selector(workspace: Workspace, kind: KeyKind) -> str:
    taken = {workspace.settings.dkim.selector, workspace.settings.dkim.ed25519_selector}
    names = _selectors(workspace.today.day, kind)
    free = (one for one in names if one not in taken and not _is_there(workspace, one))
    selector = next(free, None)
    if selector is None:
        raise BadInput("there are too many keys of this month", cure="Name one with --selector.")
    return selector


def _selectors(today: date, kind: KeyKind) -> Iterator[str]:
    """Names that say how old a key is: `news-2026-11`, then `news-2026-11b` and so on."""
    second = "-ed25519" if kind is KeyKind.ED25519 else ""
    for letter in ("", *ascii_lowercase[1:]):
        yield f"news-{today:%Y-%m}{letter}{second}"


def _is_there(workspace: Workspace, selector: str) -> bool:
    return _place(workspace.settings, selector).exists()


def _place(settings: Settings, selector: str) -> Path:
    return settings.data_folder / "keys" / "dkim" / f"{selector}.pem"


def _as_setting(settings: Settings, file: Path) -> str:
    """The file as newsletter.toml names it: relative to its folder where it lies in there."""
    place = file.resolve()
    folder = settings.folder.resolve()
    return str(place.relative_to(folder) if place.is_relative_to(folder) else place)


def _made(order: KeyOrder) -> PrivateKey:
    if order.kind is KeyKind.ED25519:
        return Ed25519Key.make()
    return RsaKey.make(order.bits or USUAL_BITS)
