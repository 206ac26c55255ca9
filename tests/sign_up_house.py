"""A house where people sign up: a workspace, a clock, and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from newsletter.app.readers.signing_up import SigningUp
from newsletter.app.workspace import Workspace, keys_file
from newsletter.audience import topics
from newsletter.domain.admission import Admission, SentForm
from newsletter.domain.sign_ups import SignUp
from newsletter.settings.model import FileSettings
from newsletter.settings.public_site import SignUp as SignUpLimits
from newsletter.settings.tables import Mail, Sender, Site
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import requests, wordings
from newsletter.tokens.key_ring import create_key_ring
from tests.workspaces import Clock

IP = "203.0.113.9"
CONSENT = "By pressing the button, you agree."


class SignUpHouse:
    """A workspace of two public topics and a private one, a clock, and the desk."""

    def __init__(self, folder: Path, engine: Engine, **limits: object) -> None:
        settings = FileSettings.of_folder(
            folder,
            site=Site(name="House", base_url="https://news.example.org", languages=["en", "cy"]),
            sender=Sender(address="news@example.org"),
            mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
            sign_up=SignUpLimits(**limits),  # type: ignore[arg-type]  # right by name
        )
        self.clock = Clock()
        if not keys_file(settings).exists():
            create_key_ring(keys_file(settings))
        self.workspace = Workspace(settings=settings, engine=engine, now=self.clock)
        self.woken = 0
        self.privacy = {"en": "first", "cy": "first"}
        self.desk = SigningUp(self.workspace, self.privacy.__getitem__, self._wake)

    def add_topics(self) -> None:
        """Adds the topics."""
        with writing(self.workspace.engine) as connection:
            for slug, private in (("bulletin", False), ("events", False), ("staff-only", True)):
                topics.add_topic(
                    connection,
                    slug,
                    names={"en": slug},
                    private=private,
                    actor="mair",
                    now=self.clock.at,
                )

    def filled_in(self, *, seconds: float = 10) -> str:
        """The nonce of a form, after somebody has taken that long to fill it in."""
        nonce = self.desk.nonce()
        self.clock.move(seconds=seconds)
        return nonce

    def sign_up(
        self,
        address: str = "sian@example.org",
        *,
        nonce: str | None = None,
        ip: str | None = IP,
        is_trapped: bool = False,
        **changes: Any,
    ) -> Admission:
        """Sends a form that was filled in at leisure, unless `nonce` is that of another one."""
        facts = {"topics": ["events"], "language": "cy", "page_language": "en", "consent": CONSENT}
        sent = SentForm(self.filled_in() if nonce is None else nonce, ip, is_trapped)
        return self.desk.sign_up(SignUp(address, **(facts | changes)), sent)

    @property
    def rows(self) -> Sequence[Any]:
        """All requests, with the words that they go by."""
        with reading(self.workspace.engine) as connection:
            found = select(requests, wordings.c.text, wordings.c.version)
            return connection.execute(found.outerjoin(wordings).order_by(requests.c.id)).all()

    def _wake(self) -> None:
        self.woken += 1
