"""An edition by several relays, of which one may die; what the servers received is the judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from newsletter.app import edition_status
from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import BadInput, RelayUnreachable
from newsletter.domain.people import Basis
from newsletter.settings.tables import Relay
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, TOPIC, Clock, a_workspace, ready_to_send

MORE = 48
ALL = PEOPLE + MORE
CONNECTIONS = 2


class MortalServer(RecordingServer):
    """Dies as soon as it has taken so many messages, and tells nobody of the last."""

    def __init__(self, *, dies_after: int) -> None:
        super().__init__()
        self._left = dies_after

    def keep(self, envelope: Envelope) -> None:
        if self._left <= 0:
            return
        super().keep(envelope)
        self._left -= 1
        if self._left == 0:
            self._server.close()
            for session in self._sessions:
                session.drop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def workspace_with(
    folder: Path, clock: Clock, servers: Sequence[RecordingServer], weights: Sequence[int]
) -> Iterator[Workspace]:
    """A workspace whose mail goes by these servers, with an edition for sixty readers at nearly
    as many receivers."""
    relays = [
        Relay(url=server.url, weight=weight, connections=CONNECTIONS)
        for server, weight in zip(servers, weights, strict=True)
    ]
    with a_workspace(folder, clock=clock) as workspace:
        settings = workspace.settings.model_copy(update={"relays": relays})
        workspace = replace(workspace, settings=settings)
        file = workspace.settings.path("more.csv")
        addresses = (f"reader{number}@r{number}.example.org\n" for number in range(MORE))
        file.write_text("email\n" + "".join(addresses), encoding="utf-8")
        import_subscribers(workspace, ImportOrder(file, TOPIC, Basis.CONSENT, "test"))
        ready_to_send(workspace)
        yield workspace


def counts(workspace: Workspace) -> dict[DeliveryState, int]:
    return edition_status.status(workspace, SHORT).counts


def state_of(workspace: Workspace) -> EditionState:
    return edition_status.status(workspace, SHORT).edition.state


def received(*servers: RecordingServer) -> Counter[str]:
    return Counter(reader for server in servers for reader in server.accepted_recipients)


def test_each_relay_takes_its_share(tmp_path: Path, clock: Clock) -> None:
    with (
        RecordingServer() as large,
        RecordingServer() as small,
        workspace_with(tmp_path / "workspace", clock, [large, small], [3, 1]) as workspace,
    ):
        report = Sender(workspace, "test").run(SHORT)

        assert report.exit_code == 0
        assert set(received(large, small).values()) == {1}
        assert len(large.messages) + len(small.messages) == ALL
        assert abs(len(small.messages) - ALL / 4) <= 2 * CONNECTIONS


def test_one_of_weight_0_gets_nothing_while_the_other_is_well(tmp_path: Path, clock: Clock) -> None:
    with (
        RecordingServer() as well,
        RecordingServer() as helper,
        workspace_with(tmp_path / "workspace", clock, [well, helper], [1, 0]) as workspace,
    ):
        Sender(workspace, "test").run(SHORT)

        assert len(well.messages) == ALL
        assert helper.messages == []


@pytest.mark.parametrize("weights", [(1, 1), (1, 0)])
def test_when_a_relay_dies_the_other_takes_over_and_everybody_gets_it_once(
    tmp_path: Path, clock: Clock, weights: tuple[int, int]
) -> None:
    """In doubt are only those whose answer it still owed."""
    with (
        MortalServer(dies_after=10) as mortal,
        RecordingServer() as well,
        workspace_with(tmp_path / "workspace", clock, [mortal, well], weights) as workspace,
    ):
        sender = Sender(workspace, "test")
        sender.run(SHORT)
        clock.move(minutes=37)
        sender.due()

        assert len(mortal.messages) == 10
        assert set(received(mortal, well).values()) == {1}
        ended = counts(workspace)
        unknown = ended[DeliveryState.UNKNOWN]
        assert 1 <= unknown <= CONNECTIONS
        assert ended[DeliveryState.ACCEPTED] == ALL - unknown
        assert len(received(mortal, well)) >= ALL - unknown + 1
        assert state_of(workspace) is EditionState.COMPLETE


def test_a_relay_that_is_down_from_the_beginning_stops_nothing(
    tmp_path: Path, clock: Clock
) -> None:
    with RecordingServer() as gone:
        """Its port is free again when it has ended."""
    with (
        RecordingServer() as well,
        workspace_with(tmp_path / "workspace", clock, [gone, well], [5, 1]) as workspace,
    ):
        report = Sender(workspace, "test").run(SHORT)

        assert report.exit_code == 0
        assert len(well.messages) == ALL


def test_when_all_die_the_edition_is_still_being_sent_and_goes_on_later(
    tmp_path: Path, clock: Clock
) -> None:
    with (
        MortalServer(dies_after=10) as first,
        MortalServer(dies_after=10) as second,
        workspace_with(tmp_path / "workspace", clock, [first, second], [1, 1]) as workspace,
    ):
        with pytest.raises(RelayUnreachable):
            Sender(workspace, "test").run(SHORT)

        assert state_of(workspace) is EditionState.SENDING
        assert set(received(first, second).values()) == {1}
        assert counts(workspace)[DeliveryState.SENDING] == 0

        with pytest.raises(RelayUnreachable, match="none of the 2 relays") as unreachable:
            Sender(workspace, "test").run(SHORT)

        assert f"127.0.0.1:{first.port}: the connection was refused" in unreachable.value.what
        assert f"127.0.0.1:{second.port}: the connection was refused" in unreachable.value.what


def test_a_setting_of_one_that_is_no_good_is_told_before_anything_is_touched(
    tmp_path: Path, clock: Clock
) -> None:
    with (
        RecordingServer() as well,
        workspace_with(tmp_path / "workspace", clock, [well], [1]) as workspace,
    ):
        other = Relay(url="smtps://relay.example.org", ca_file=Path("nowhere.pem"))
        relays = [*workspace.settings.relays, other]
        settings = workspace.settings.model_copy(update={"relays": relays})

        with pytest.raises(BadInput, match="no certificates can be read"):
            Sender(replace(workspace, settings=settings), "test").run(SHORT)

        assert well.messages == []
        assert state_of(workspace) is EditionState.APPROVED
