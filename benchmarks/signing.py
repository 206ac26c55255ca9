"""Mail that is signed: the key, the settings that name it, and the proof that it is used.

A figure of signed mail says nothing when the mail was not signed. So before the rounds each sender
sends one message to a receiver that keeps it, and dkimpy, which is neither's, verifies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dkim

from benchmarks.mail_senders import nodemailer_pool, our_sender
from benchmarks.mailing_workspace import approve_edition, make_workspace, plain_message
from benchmarks.receiving import kept_messages, receiver
from newsletter.mail.dkim.dns_record import DnsRecord, record_of
from newsletter.mail.dkim.private_keys import RsaKey

_DOMAIN = "news.example.org"
_SELECTOR = "benchmark"
_SETTINGS = """
[dkim]
domain = "{domain}"
selector = "{selector}"
key_file = "{file}"
"""


@dataclass(frozen=True, slots=True)
class Signing:
    """An RSA key of 2048 bits, its file, and what the DNS would say of it."""

    key: RsaKey
    file: Path
    record: DnsRecord

    @classmethod
    def make(cls, folder: Path) -> Signing:
        """With a new key in a new folder."""
        folder.mkdir()
        key, file = RsaKey.make(), folder / "dkim.pem"
        file.touch(mode=0o600)
        file.write_text(key.as_pem(), encoding="ascii")
        return cls(key, file, record_of(key, selector=_SELECTOR, domain=_DOMAIN))

    def settings(self, settings_file: Path) -> Path:
        """Other settings of the same workspace, by which all that leaves it is signed."""
        own = _SETTINGS.format(domain=_DOMAIN, selector=_SELECTOR, file=self.file)
        file = settings_file.with_name("signing.toml")
        file.write_text(settings_file.read_text(encoding="utf-8") + own, encoding="utf-8")
        return file

    def for_nodemailer(self) -> Mapping[str, str]:
        """The same as nodemailer wants it."""
        return {
            "domainName": _DOMAIN,
            "keySelector": _SELECTOR,
            "privateKey": self.key.as_pem(),
        }

    def verifies(self, message: bytes) -> bool:
        """Whether dkimpy finds the message's signature good."""
        try:
            return bool(dkim.DKIM(message).verify(dnsfunc=self._look_up))
        except dkim.DKIMException:
            return False

    def _look_up(self, name: bytes, timeout: float = 0) -> bytes | None:
        is_ours = name.decode().rstrip(".") == self.record.name
        return self.record.value.encode() if is_ours else None


def check_signed(folder: Path, signing: Signing) -> None:
    """Has ours, and nodemailer's pool where that is, send one message; ends the benchmark unless
    what arrived is well signed."""
    folder.mkdir()
    kept = folder / "kept"
    with receiver(keeps=kept) as sink:
        settings = make_workspace(folder / "one", people=1, port=sink.port)
        message = plain_message(settings, approve_edition(settings, "one"))
        senders = [
            lambda _: our_sender(signing.settings(settings), "one"),
            nodemailer_pool(sink.port, message, folder, signing.for_nodemailer()),
        ]
        codes = [start(1).wait() for start in senders if start is not None]
    verdicts = [signing.verifies(message) for message in kept_messages(kept)]
    if any(codes) or len(verdicts) != len(codes) or not all(verdicts):
        raise SystemExit(f"one message of each sender was to be signed well: {verdicts}")
