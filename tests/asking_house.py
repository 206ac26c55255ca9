"""A house whose readers ask for things: a database, a clock, and what is known of one address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine, select, update

from newsletter.app.readers.confirming import Confirming
from newsletter.app.requests.answering import answer_requests
from newsletter.app.requests.reminding import remind
from newsletter.app.workspace import Workspace, keys_file
from newsletter.audience import subscribers, suppressions, topics
from newsletter.audience.requests.asking import ask
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.confirming import Confirmation, Stage
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.people import (
    Consent,
    ConsentSource,
    SubscriptionStatus,
    SuppressionReason,
    Wording,
)
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.settings.model import FileSettings
from newsletter.settings.public_site import SignUp
from newsletter.settings.tables import Mail, Retention, Sender, Site
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import notices, requests
from newsletter.tokens.key_ring import create_key_ring
from newsletter.tokens.tokens import Purpose
from tests.workspaces import Clock

ADDRESS = "siân@example.org"
WORDING = Wording("I want to receive these newsletters.", "en", "1")
BULLETIN, EVENTS, STAFF = "bulletin", "events", "staff"


class AskingHouse:
    """Two public topics and a private one, nobody on the list; `sign_up` and `days` are settings
    that are not the usual ones, the latter of retention."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        *,
        sign_up: Mapping[str, object] | None = None,
        days: Mapping[str, int] | None = None,
    ) -> None:
        settings = FileSettings.of_folder(
            folder,
            site=Site(name="House", base_url="https://news.example.org", languages=["en", "cy"]),
            sender=Sender(address="news@example.org"),
            mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
            sign_up=SignUp.model_validate(sign_up or {}),
            retention=Retention.model_validate(days or {}),
        )
        create_key_ring(keys_file(settings))
        self.clock = Clock()
        self.workspace = Workspace(settings=settings, engine=engine, now=self.clock)
        self.desk = Confirming(self.workspace)
        with writing(engine) as connection:
            for slug in (BULLETIN, EVENTS, STAFF):
                topics.add_topic(
                    connection,
                    slug,
                    names={"en": slug},
                    private=slug == STAFF,
                    actor="mair",
                    now=self.clock(),
                )

    def ask(
        self,
        *wanted: str,
        kind: RequestKind = RequestKind.SIGN_UP,
        address: str = ADDRESS,
        times: int = 1,
    ) -> None:
        """Asks for these topics in Welsh, or for something else."""
        is_sign_up = kind is RequestKind.SIGN_UP
        new = NewRequest(
            kind,
            address,
            "cy",
            ConsentSource.SIGN_UP_PAGE,
            wording=WORDING if is_sign_up else None,
            ip="192.0.2.7",
            details={"topics": list(wanted or (BULLETIN,))} if is_sign_up else {},
        )
        with writing(self.workspace.engine) as connection:
            ask(connection, [new] * times, self.clock())

    def answer(self) -> int:
        """Looks at the requests that wait."""
        return answer_requests(self.workspace)

    def remind(self) -> int:
        """Reminds whoever is to be."""
        return remind(self.workspace)

    def deliver(self) -> None:
        """The relay accepts every notice that waits."""
        accepted = {"state": DeliveryState.ACCEPTED, "updated_at": self.clock()}
        with writing(self.workspace.engine) as connection:
            waiting = notices.c.state == DeliveryState.PENDING
            connection.execute(update(notices).where(waiting).values(accepted))

    def sign_up(self, *wanted: str) -> None:
        """Signs up, has it looked at, and is mailed."""
        self.ask(*wanted)
        self.answer()
        self.deliver()

    def token(self) -> str:
        """That of the last request."""
        with reading(self.workspace.engine) as connection:
            handle = connection.execute(
                select(requests.c.handle).order_by(requests.c.id.desc()).limit(1)
            ).scalar_one()
        return self.workspace.tokens.token(Purpose.CONFIRM, handle=handle)

    def confirm(self, token: str | None = None) -> Stage:
        """Presses the button of a link, the last one's if none is given."""
        answer = self.desk.confirm(token or self.token(), ip="192.0.2.8")
        return _stage(answer)

    def block(self) -> Stage:
        """Presses the button that stops all mail."""
        return _stage(self.desk.block(self.token()))

    def outcomes(self) -> dict[str | None, int]:
        """How many requests had which outcome."""
        with reading(self.workspace.engine) as connection:
            return dict(Counter(connection.execute(select(requests.c.outcome)).scalars()))

    def mailed(self) -> list[str]:
        """The kinds of the notices that were queued, in order."""
        with reading(self.workspace.engine) as connection:
            query = select(notices.c.kind).order_by(notices.c.id)
            return list(connection.execute(query).scalars())

    def statuses(self, address: str = ADDRESS) -> dict[str, SubscriptionStatus]:
        """The status of each topic that the person has or had."""
        with reading(self.workspace.engine) as connection:
            person = subscribers.find(connection, address)
            if person is None:
                return {}
            had = subscribers.subscriptions_of(connection, person.id)
        return {one.topic: one.status for one in had}

    def ledger(self) -> Sequence[Consent]:
        """The lines of the consent ledger about the person."""
        with reading(self.workspace.engine) as connection:
            person = subscribers.subscriber(connection, ADDRESS)
            return subscribers.consents_of(connection, person.id)

    def suppress(self, reason: SuppressionReason, target: str = ADDRESS) -> None:
        """Has an address or a domain suppressed."""
        with writing(self.workspace.engine) as connection:
            new = NewSuppression(parse_target(target), reason)
            seals, now = self.workspace.seals, self.clock()
            suppressions.suppress(connection, new, seals, actor="mair", at=now)

    def suppressed_for(self) -> SuppressionReason | None:
        """Why the address is not to be mailed."""
        canonical = parse_address(ADDRESS).canonical
        with reading(self.workspace.engine) as connection:
            seals = self.workspace.seals
            found = suppressions.find_suppression(connection, canonical, seals)
        return found.reason if found else None


def _stage(answer: Confirmation | None) -> Stage:
    assert answer is not None
    return answer.stage
