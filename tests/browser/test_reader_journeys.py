"""Readers at a browser: what they do by themselves, from signing up to coming back.

The pages are the real ones at their own addresses, the mail is what a server received, and its
links are followed as they stand in it. Every page on the way is looked at: its language, whether it
fits the screen, what axe-core says by day and by night, and that it asks nobody else for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.app import approving, edition_status
from newsletter.app.chores import run_chores
from newsletter.app.editing import import_edition
from newsletter.app.sending import Sender
from newsletter.app.telling import story, story_json
from newsletter.app.workspace import Workspace
from newsletter.cli.public_site import public_site
from newsletter.i18n import strings
from newsletter.i18n.language_facts import own_name
from tests.browser.house import BASE, Host
from tests.browser.visitor import Device, ReadersBrowser, Visitor
from tests.mail_links import links_of, one_click_path
from tests.smtp_server import Received, RecordingServer
from tests.workspaces import PEOPLE, SHORT, Clock, a_workspace, edition_file, ready_to_send

READER = "a.new.reader@example.org"
EARLIER = "2026-10"
DEVICES = [Device(width, scripts) for width in (320, 1280) for scripts in (True, False)]
LANGUAGES = ("en", "cy")

_FAULTY_FORM = "a status of 422"
"""What a browser says of the answer to a form that has a fault, which is meant to be that."""


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(
    tmp_path: Path, server: RecordingServer, host: Host, clock: Clock
) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", relay=server.url, clock=clock) as workspace:
        ready_to_send(workspace)
        with host.answering(public_site(workspace, listening_on="0.0.0.0")):
            yield workspace


@dataclass
class Reader:
    """Somebody who reads `language`, with a browser, a mailbox and all the time in the world."""

    visitor: Visitor
    language: str
    workspace: Workspace
    server: RecordingServer
    host: Host

    def say(self, key: str, **values: str) -> str:
        """The words of the pages."""
        return strings("pages", self.language)[key].format(**values)

    def opens(self, address: str) -> None:
        """Opens an address, and looks at the page."""
        assert self.visitor.open(address) == 200
        self.looks()

    def opens_sandboxed(self, address: str) -> None:
        """Opens an address behind which nothing runs, axe-core included (X4)."""
        assert self.visitor.open(address) == 200
        self.looks(runs_scripts=False)

    def presses(self, key: str) -> None:
        """Presses a button, and looks at what comes."""
        self.visitor.press(self.say(key))
        self.looks()

    def looks(self, *, runs_scripts: bool = True) -> None:
        """At the page as somebody would who cannot see well, has a small screen, or both."""
        visitor = self.visitor
        assert visitor.language == self.language
        if visitor.device.scripts and runs_scripts:
            assert visitor.violations() == []
            assert not visitor.is_wider_than_screen
        assert [one for one in visitor.asked_for if not one.startswith(BASE)] == []
        assert [one for one in visitor.said if _FAULTY_FORM not in one] == []

    def reads(self, key: str, **values: str) -> None:
        """Finds these words as the page's heading."""
        assert self.visitor.heading == self.say(key, **values)

    def mail(self) -> Received:
        """The newest mail in the reader's own mailbox, once what was asked for is done."""
        assert run_chores(self.workspace).faults == []
        return next(one for one in reversed(self.server.messages) if one.rcpt_to == READER)

    def link(self, message: Received, page: str) -> str:
        """The address of the page in the reader's language, as it stands in the mail."""
        whole = re.compile(rf"{BASE}/{self.language}/{page}/[\w-]{{47}}")
        (found,) = {one for one in links_of(message) if whole.fullmatch(one)}
        return found

    @property
    def status(self) -> str | None:
        """What the ledger says of the subscription, None when there is none."""
        told = story_json(self.workspace, story(self.workspace, READER))
        return next((one["status"] for one in told["subscriptions"]), None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", DEVICES, ids=str)
def test_from_signing_up_to_coming_back(
    device: Device,
    language: str,
    workspace: Workspace,
    server: RecordingServer,
    host: Host,
    readers_browser: ReadersBrowser,
    clock: Clock,
) -> None:
    with readers_browser.visitor(device) as visitor:
        reader = Reader(visitor, language, workspace, server, host)

        _signs_up(reader, clock)
        _confirms(reader)
        edition = _receives(reader)
        _chooses(reader, edition)
        _reads_in_the_browser(reader, edition)
        _leaves_and_is_not_mailed(reader, edition)
        _comes_back(reader, edition)


def _signs_up(reader: Reader, clock: Clock) -> None:
    reader.opens(f"{BASE}/{reader.language}/subscribe")
    clock.move(seconds=20)  # people take longer over a form than machines do
    reader.presses("sign_up_button")
    assert reader.visitor.heading.startswith(reader.say("sign_up_heading_one", topic="")[:8])
    assert reader.say("address_missing") in reader.visitor.words
    reader.visitor.fill(reader.say("address_label"), READER)
    reader.visitor.choose(own_name(reader.language))
    clock.move(seconds=20)
    reader.presses("sign_up_button")
    reader.reads("check_email_heading")


def _confirms(reader: Reader) -> None:
    question = reader.mail()
    assert reader.status == "pending"
    reader.opens(reader.link(question, "confirm"))
    assert reader.status == "pending"
    reader.presses("confirm_sign_up_button")
    reader.reads("confirmed_sign_up_heading")
    assert reader.status == "active"
    welcome = reader.mail()
    reader.opens(reader.link(welcome, "preferences"))
    reader.reads("preferences_heading")


def _receives(reader: Reader) -> Received:
    Sender(reader.workspace, "test").run(SHORT)
    assert len(reader.server.accepted_recipients) == PEOPLE + 1 + 2
    return reader.mail()


def _chooses(reader: Reader, edition: Received) -> None:
    visitor = reader.visitor
    reader.opens(reader.link(edition, "preferences"))
    visitor.choose(reader.say("format_text"))
    reader.presses("save_button")
    assert reader.say("news_saved") in visitor.words
    visitor.choose(reader.say("pause_months_2"))
    reader.presses("pause_button")
    assert reader.say("news_paused") in visitor.words
    assert reader.status == "paused"
    reader.presses("resume_button")
    assert reader.say("news_resumed") in visitor.words
    assert reader.status == "active"


def _reads_in_the_browser(reader: Reader, edition: Received) -> None:
    reader.opens_sandboxed(reader.link(edition, "view"))
    assert READER not in reader.visitor.html
    reader.opens(f"{BASE}/{reader.language}/archive")
    reader.reads("archive_heading")
    reader.opens(f"{BASE}/{reader.language}/archive/monthly-bulletin")
    reader.opens_sandboxed(f"{BASE}/{reader.language}/archive/monthly-bulletin/{SHORT}")


def _leaves_and_is_not_mailed(reader: Reader, edition: Received) -> None:
    answer = reader.host.post(one_click_path(edition), "List-Unsubscribe=One-Click")
    assert answer == 200
    assert reader.status == "unsubscribed"
    before = len(reader.server.accepted_recipients)
    workspace = reader.workspace
    import_edition(workspace, edition_file(workspace, EARLIER), actor="test")
    approving.approve(workspace, EARLIER, actor="test")
    Sender(workspace, "test").run(EARLIER)
    new = reader.server.accepted_recipients[before:]
    assert len(new) == PEOPLE
    assert READER not in new


def _comes_back(reader: Reader, edition: Received) -> None:
    before = edition_status.status(reader.workspace, EARLIER).audience
    reader.opens(reader.link(edition, "unsubscribe"))
    reader.presses("undo_button")
    reader.reads("back_again_heading")
    assert reader.status == "active"
    assert edition_status.status(reader.workspace, EARLIER).audience == before
