"""The gate before the forms that write mail to addresses which anybody may type: who sends one is a
person, sends it once, and not too many of them (T14)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from newsletter.app.workspace import Workspace
from newsletter.domain.admission import Admission, SentForm, Verdict
from newsletter.domain.rate_limits import RateLimit
from newsletter.storage.limits_file import LimitsFile
from newsletter.tokens.form_nonces import FormNonce, FormNonces

_LIFE = timedelta(hours=24)
_NETWORK_BITS = 64
"""Of an IPv6 address; who has one has all of its network."""


class FormGate:
    """Lets forms in, of one workspace; what it must remember lies in `limits.db` beside the data,
    so that no reader waits for that."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._file = LimitsFile(workspace.settings.data_folder / "limits.db")

    def nonce(self) -> str:
        """What a form is to carry that is shown to somebody now."""
        return self._nonces.new(self._workspace.now())

    def keeps(self, nonce: str) -> bool:
        """Whether a form that is shown once more may go on with this nonce, so that the time in
        which somebody has filled it in counts: it is ours, and not too old."""
        given = self._nonces.read(nonce)
        return given is not None and self._age(given) < _LIFE

    @contextmanager
    def admitting(self, sent: SentForm) -> Iterator[Admission]:
        """What becomes of the form. When the block raises, which is to write it down, it may be
        sent once more."""
        admission = self._judged(sent)
        try:
            yield admission
        except Exception:  # whatever it was, nothing was written: the form is not used up
            if admission.verdict is Verdict.TAKEN and (given := self._nonces.read(sent.nonce)):
                self._file.give_back(given.id)
            raise

    def _judged(self, sent: SentForm) -> Admission:
        if sent.is_trapped:
            return Admission(Verdict.IGNORED)
        given = self._nonces.read(sent.nonce)
        limits = self._workspace.settings.sign_up
        if given is None or not timedelta(seconds=limits.fill_time) <= self._age(given) < _LIFE:
            return Admission(Verdict.AGAIN)
        return self._file.admit(
            given.id,
            forgotten_at=(given.given_at + _LIFE).timestamp(),
            limits={
                "total": RateLimit(limits.total),
                self._bucket_of(sent.ip): RateLimit(limits.per_ip),
            },
            now=self._workspace.now().timestamp(),
        )

    def _age(self, given: FormNonce) -> timedelta:
        return self._workspace.now() - given.given_at

    def _bucket_of(self, ip: str | None) -> str:
        """The name of the bucket of whoever has this IP address, who cannot be told from it."""
        ring = self._workspace.key_ring
        # The oldest key: another one that is added empties no bucket.
        key = ring.derive(min(ring.keys), "form limits")
        return hmac.digest(key, _network(ip).encode(), "sha256").hex()

    @property
    def _nonces(self) -> FormNonces:
        return FormNonces(self._workspace.key_ring)


def _network(ip: str | None) -> str:
    if ip is None:
        return ""  # all whom nobody knows share one
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)
