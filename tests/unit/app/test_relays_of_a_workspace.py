"""From the settings of relays to the relays that mail goes by."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from newsletter.app.workspace import Workspace
from newsletter.dispatch.relay import Login, MaildirRelay, Security, SmtpRelay
from newsletter.dispatch.relays import WeightedRelay
from newsletter.domain.errors import BadInput
from newsletter.settings.model import FileSettings

FOLDER = Path("/srv/news")
TABLES = {
    "site": {"name": "Rivers", "base_url": "https://news.example.org", "languages": ["en"]},
    "sender": {"address": "news@example.org"},
    "mail": {"domain": "news.example.org", "bounce_address": "bounces@news.example.org"},
}


def a_workspace(**tables: Any) -> Workspace:
    settings = FileSettings.of_folder(FOLDER, **TABLES, **tables)
    return Workspace(
        settings, create_engine("sqlite://"), lambda: datetime(2026, 11, 2, tzinfo=UTC)
    )


def test_without_a_setting_there_is_none_and_an_outbox() -> None:
    workspace = a_workspace()

    assert workspace.relays == ()
    assert workspace.outbox == (WeightedRelay(MaildirRelay(FOLDER / "data" / "outbox")),)


def test_a_relay_alone_stands_under_relay() -> None:
    table = {"url": "smtps://mail.example.org", "ca_file": "ca.pem", "rate": "10/s"}

    relay = SmtpRelay(Security.TLS, "mail.example.org", 465, None, FOLDER / "ca.pem")
    assert a_workspace(relay=table).relays == (WeightedRelay(relay, 10, 1, 10.0),)


def test_several_stand_in_their_order_each_with_what_it_takes() -> None:
    relays = a_workspace(
        relays=[
            {"url": "smtps://user:s3cret@one.example.org", "connections": 3},
            {"url": "smtp://127.0.0.1:2525", "weight": 0},
        ]
    ).relays

    login = Login("user", "s3cret")
    assert relays == (
        WeightedRelay(SmtpRelay(Security.TLS, "one.example.org", 465, login), 3, 1),
        WeightedRelay(SmtpRelay(Security.PLAIN, "127.0.0.1", 2525), 10, 0),
    )
    assert "s3cret" not in repr(relays)


def test_a_folder_is_written_to_by_one_alone() -> None:
    (outbox,) = a_workspace(relay={"url": "maildir:out", "connections": 5}).relays

    assert outbox == WeightedRelay(MaildirRelay(FOLDER / "out"), 1)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("smtps://user:s3cret@", "[[relays]] 2, url"),
        ("maildir:out", "[[relays]]"),
        ("smtps://user:s3cret@one.example.org:465", "[[relays]]"),
    ],
)
def test_the_relay_at_fault_is_named_and_never_its_password(url: str, where: str) -> None:
    """X13"""
    workspace = a_workspace(relays=[{"url": "smtps://one.example.org"}, {"url": url}])

    with pytest.raises(BadInput) as refused:
        _ = workspace.relays

    assert refused.value.where == where
    assert "s3cret" not in str(refused.value)
