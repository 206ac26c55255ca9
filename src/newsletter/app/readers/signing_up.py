"""Signing up, and having one's link sent: written down now, and looked at when nobody waits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.form_gate import FormGate
from newsletter.app.readers.changing import changing
from newsletter.app.workspace import Workspace
from newsletter.audience.requests.asking import ask
from newsletter.audience.topics import all_topics
from newsletter.domain.admission import Admission, SentForm, Verdict
from newsletter.domain.errors import DatabaseBusy
from newsletter.domain.people import ConsentSource, Topic, Wording
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.domain.sign_ups import SignUp
from newsletter.storage.engine import reading

_VERSION_LENGTH = 12
_MY_LINK_PAGE = "my-link page"


class SigningUp:
    """The desk of the sign-up pages, of one workspace; `wake` is called when there is something to
    look at. `privacy_version` gives what changes with the privacy page of a language."""

    def __init__(
        self,
        workspace: Workspace,
        privacy_version: Callable[[str], str],
        wake: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._privacy_version = privacy_version
        self._gate = FormGate(workspace)
        self._wake = wake

    def topics(self) -> list[Topic]:
        """The topics that anybody may see."""
        with reading(self._workspace.engine) as connection:
            return _public_topics(connection)

    def nonce(self, sent: str = "") -> str:
        """The nonce that a form was sent with if that still is good, or a new one."""
        return sent if self._gate.keeps(sent) else self._gate.nonce()

    def sign_up(self, wanted: SignUp, sent: SentForm) -> Admission:
        """Takes in a sign-up, if the form is let in."""
        version = self._version(wanted)

        def request(connection: Connection) -> NewRequest:
            public = [topic.slug for topic in _public_topics(connection)]
            topics = [slug for slug in public if slug in wanted.topics]
            return NewRequest(
                kind=RequestKind.SIGN_UP,
                address=wanted.address,
                language=wanted.page_language,
                source=ConsentSource.SIGN_UP_PAGE,
                wording=Wording(wanted.consent, wanted.page_language, version),
                ip=sent.ip,
                details={"topics": topics, "language": wanted.language},
            )

        return self._taken_in(request, sent)

    def my_link(self, address: str, language: str, sent: SentForm) -> Admission:
        """Takes in that somebody wants their link, if the form is let in."""
        new = NewRequest(RequestKind.MY_LINK, address, language, _MY_LINK_PAGE, ip=sent.ip)
        return self._taken_in(lambda _connection: new, sent)

    def _taken_in(self, request: Callable[[Connection], NewRequest], sent: SentForm) -> Admission:
        try:
            admission = self._admitted(request, sent)
        except DatabaseBusy:
            return Admission(Verdict.BUSY)
        if admission.verdict is Verdict.TAKEN:
            self._wake()
        return admission

    def _admitted(self, request: Callable[[Connection], NewRequest], sent: SentForm) -> Admission:
        now: datetime = self._workspace.now()
        with self._gate.admitting(sent) as admission:
            if admission.verdict is not Verdict.TAKEN:
                return admission
            with changing(self._workspace) as connection:
                ask(connection, [request(connection)], now)
        return admission

    def _version(self, wanted: SignUp) -> str:
        """What changes with the words that somebody agreed to and with the page that says more."""
        said = f"{wanted.consent}\x1f{self._privacy_version(wanted.page_language)}"
        return hashlib.sha256(said.encode()).hexdigest()[:_VERSION_LENGTH]


def _public_topics(connection: Connection) -> list[Topic]:
    return [topic for topic in all_topics(connection) if not topic.private]
