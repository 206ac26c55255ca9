"""A workspace with many people, and an edition of 60 KB for all of them that can go out again and
again, each time under another name."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from benchmarks.editions import Sample, seed_size
from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.first_topic import add_first_topic
from newsletter.app.new_workspace import prepare_data
from newsletter.app.workspace import Workspace, open_settings
from newsletter.editions import snapshots, store
from newsletter.mail.addresses import parse_address
from newsletter.mail.message import MessageTemplate, PersonalHeaders
from newsletter.mail.page_links import TOKEN_LENGTH, LinkTokens
from newsletter.mail.slots import SlotValues
from newsletter.resources import examples_folder
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading, writing

LANGUAGE = "en"
SECTIONS = 7
"""Of the seed-size edition: as many as make a message of about 60 KB."""
CONNECTIONS = 10
_DATE = datetime(2026, 10, 1, tzinfo=UTC)
_RELAY = """
[relay]
url = "smtp://127.0.0.1:{port}"
connections = {connections}
"""
_PEOPLE = """
WITH RECURSIVE people (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM people WHERE id < :number)
INSERT INTO subscribers
    (id, handle, address, canonical, name, language, format, attributes, created_at)
SELECT id, id * 9176 * 1000003, address, address, 'Person Rhif ' || id, :language, 'html',
       '{"county":"Powys"}', '2025-01-01 00:00:00.000000'
FROM (SELECT id, 'person' || id || '@d' || (id % 997) || '.example.org' AS address FROM people)
"""
_HANDLES = "INSERT INTO handles (handle, subscriber_id) SELECT handle, id FROM subscribers"
_SUBSCRIPTIONS = """
INSERT INTO subscriptions (subscriber_id, topic_id, status, basis, since)
SELECT subscribers.id, topics.id, 'active', 'consent', subscribers.created_at
FROM subscribers, topics
"""
_CONSENTS = """
INSERT INTO consents (subscriber_id, topic_id, status, basis, source, actor, at)
SELECT subscriber_id, topic_id, status, basis, 'benchmark', 'benchmark', since FROM subscriptions
"""


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """One reader's message taken apart, for who writes it by other means: its size as we send it,
    its two bodies and its headers, and which of the reader's own values stand in them."""

    octets: int
    html: str
    text: str
    headers: dict[str, str]
    values: tuple[str, ...]


NAME = "Enw-y-Darllenydd"
ADDRESS = "darllenydd@example.org"
TOKENS = LinkTokens(
    view="v" * TOKEN_LENGTH, unsubscribe="u" * TOKEN_LENGTH, preferences="p" * TOKEN_LENGTH
)


def make_workspace(folder: Path, *, people: int, port: int) -> Path:
    """A workspace with that many people, whose relay is at `port` of this machine; gives its
    newsletter.toml."""
    shutil.copytree(examples_folder(), folder)
    file = folder / "newsletter.toml"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(_RELAY.format(port=port, connections=CONNECTIONS))
    settings = read_settings(file, use_environment=False)
    prepare_data(settings)
    add_first_topic(settings, actor="benchmark")
    with open_settings(settings) as workspace:
        add_people(workspace, people)
    return file


def add_people(workspace: Workspace, number: int) -> None:
    """Puts people on the list straight away: how long an import takes is measured elsewhere."""
    with writing(workspace.engine) as connection:
        for statement in (_PEOPLE, _HANDLES, _SUBSCRIPTIONS, _CONSENTS):
            connection.exec_driver_sql(statement, {"number": number, "language": LANGUAGE})


def approve_edition(settings_file: Path, slug: str) -> str:
    """Brings the edition in as `slug`, ready to be sent; gives the slug."""
    settings = read_settings(settings_file, use_environment=False)
    folder = settings_file.parent / "editions" / slug
    folder.mkdir()
    with open_settings(settings) as workspace:
        import_edition(workspace, _edition(slug).write(folder), actor="benchmark")
        approving.approve(workspace, slug, actor="benchmark")
    return slug


def _edition(slug: str) -> Sample:
    sample = seed_size()
    sections = sample.content.sections[:SECTIONS]
    return replace(sample, content=replace(sample.content, slug=slug, sections=sections))


def plain_message(settings_file: Path, slug: str) -> PlainMessage:
    """What one reader of the approved edition gets, from its snapshot."""
    settings = read_settings(settings_file, use_environment=False)
    with open_settings(settings) as workspace, reading(workspace.engine) as connection:
        snapshot = snapshots.current(connection, store.edition(connection, slug))
    assert snapshot is not None
    template = MessageTemplate.from_json(snapshot.messages[LANGUAGE, ""])
    return _taken_apart(_filled(template))


def _filled(template: MessageTemplate) -> bytes:
    headers = PersonalHeaders(
        to=parse_address(ADDRESS),
        date=_DATE,
        message_id="m" * TOKEN_LENGTH,
        unsubscribe_tag="t" * TOKEN_LENGTH,
    )
    return template.fill(SlotValues({"name": NAME, "email": ADDRESS}, TOKENS), headers)


def _taken_apart(message: bytes) -> PlainMessage:
    parsed = message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert text is not None
    assert html is not None
    values = (NAME, ADDRESS, TOKENS.view, TOKENS.unsubscribe, TOKENS.preferences)
    return PlainMessage(
        octets=len(message),
        html=html.get_content(),
        text=text.get_content(),
        headers={name: str(value) for name, value in parsed.items()},
        values=values,
    )
