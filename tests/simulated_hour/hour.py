"""An edition's hour: a workspace, its relay, and cron, which runs `send due` once a minute."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace, open_settings
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.people import Basis
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading
from newsletter.storage.schema import deliveries, editions, subscribers, suppressions
from tests.simulated_hour.receivers import Receiver
from tests.simulated_hour.relay import Relay, listening
from tests.simulated_hour.virtual_time import VirtualTime, virtual_time
from tests.workspaces import SHORT, TOPIC, Clock, a_workspace, edition_file

BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)
MINUTE = 60.0
LANGUAGES = ("cy", "en")

States = Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class Readers:
    """So many readers of one receiver, as many Welsh-speaking as English-speaking ones."""

    domain: str
    number: int

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Address and language of each: cy001, en002, cy003 and so on."""
        return [
            (f"{LANGUAGES[number % 2]}{number + 1:03}@{self.domain}", LANGUAGES[number % 2])
            for number in range(self.number)
        ]


@dataclass
class Hour:
    """An edition that is due, the time in which it is sent, and the relays that take it.

    `errors` are what calls of `send due` failed with, in words.
    """

    loop: VirtualTime
    workspace: Workspace
    relays: Sequence[Relay]
    errors: list[str] = field(default_factory=list)

    def pass_by(self, minutes: int, at: Mapping[float, Callable[[], None]] | None = None) -> None:
        """Runs `send due` each minute, as cron does, one not before the other has ended; `at` is
        what happens meanwhile, by the minute. Minutes are counted from now on."""
        begin = self.loop.time()
        for moment, action in (at or {}).items():
            self.loop.call_at(begin + moment * MINUTE, action)
        for minute in range(minutes):
            self.loop.wait_until(begin + minute * MINUTE)
            if self.loop.time() < begin + (minute + 1) * MINUTE:
                self._send_due()
        self.loop.wait_until(begin + minutes * MINUTE)

    def _send_due(self) -> None:
        report = Sender(self.workspace, "cron").due()
        self.errors += [f"{slug}: {error}" for slug, error in report.errors]

    @property
    def edition(self) -> tuple[str, str | None]:
        """The edition's state, and why it is held if it is."""
        query = select(editions.c.state, editions.c.held_reason).where(editions.c.slug == SHORT)
        with reading(self.workspace.engine) as connection:
            row = connection.execute(query).one()
        return row.state, row.held_reason

    @property
    def totals(self) -> States:
        """How many deliveries are in each state, of all receivers together."""
        return sum((Counter(one) for one in self.states.values()), Counter())

    @property
    def states(self) -> dict[str, States]:
        """How many deliveries are in each state, by receiver; as the ledger says."""
        query = select(subscribers.c.canonical, deliveries.c.state).join(
            subscribers, subscribers.c.id == deliveries.c.subscriber_id
        )
        found: defaultdict[str, Counter[DeliveryState]] = defaultdict(Counter)
        with reading(self.workspace.engine) as connection:
            for row in connection.execute(query):
                found[row.canonical.rpartition("@")[2]][DeliveryState(row.state)] += 1
        return dict(found)

    @property
    def suppressed(self) -> set[str]:
        """The addresses that are not to be mailed any more."""
        with reading(self.workspace.engine) as connection:
            return set(connection.execute(select(suppressions.c.target)).scalars())


@contextmanager
def an_hour(
    folder: Path, readers: Sequence[Readers], *relays: Sequence[Receiver], settings: str = ""
) -> Iterator[Hour]:
    """The example edition, due at once, for these readers. Each of `relays` is one that leads to
    these receivers. `settings` are more lines of newsletter.toml."""
    with virtual_time() as loop, ExitStack() as stack:
        servers = [stack.enter_context(listening(receivers, loop)) for receivers in relays]
        _make(folder, readers)
        config = folder / "newsletter.toml"
        lines = [config.read_text(encoding="utf-8"), *map(_relay_table, servers), settings]
        config.write_text("\n".join(lines), encoding="utf-8")
        found = read_settings(config, use_environment=False)
        with open_settings(found, now=loop.clock(BEGIN)) as workspace:
            yield Hour(loop, workspace, servers)


def _relay_table(relay: Relay) -> str:
    return f'[[relays]]\nurl = "{relay.url}"\n'


def _make(folder: Path, readers: Sequence[Readers]) -> None:
    with a_workspace(folder, clock=Clock(BEGIN)) as workspace:
        listed = folder / "readers.csv"
        listed.write_text("\n".join(["email,language", *_rows(readers)]), encoding="utf-8")
        import_subscribers(workspace, ImportOrder(listed, TOPIC, Basis.CONSENT, "test"))
        import_edition(workspace, edition_file(workspace), actor="test")
        approving.approve(workspace, SHORT, actor="test")
        approving.schedule(workspace, SHORT, "now", actor="test")


def _rows(readers: Sequence[Readers]) -> list[str]:
    """The list at its worst: one language after the other, and one receiver after the other."""
    everybody = [one for of_one in readers for one in of_one.addresses]
    return [f"{address},{language}" for address, language in sorted(everybody, key=lambda e: e[1])]
