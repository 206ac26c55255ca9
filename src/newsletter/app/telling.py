"""Telling all that is known of a person: to staff, to scripts, and to the person who asks (L5)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, or_, select, true

from newsletter.app.person_story import Noticed, Received, Story, story_text
from newsletter.app.private_file import private_file
from newsletter.app.story_words import StoryWords
from newsletter.app.why import why
from newsletter.app.workspace import Workspace
from newsletter.audience.profile import profile, profile_json
from newsletter.audience.requests.both_ends import addresses_had
from newsletter.domain.people import Subscriber
from newsletter.mail.addresses import parse_address
from newsletter.storage import audit
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import deliveries, editions, notices

JSON_FILE = "person.json"
TEXT_FILE = "person.txt"


def story(workspace: Workspace, address: str) -> Story:
    """All that is known of whoever has the address, on the list or only kept off it.

    Raises BadInput when nothing here knows the address.
    """
    with reading(workspace.engine) as connection:
        return story_in(connection, workspace, address)


def story_in(connection: Connection, workspace: Workspace, address: str) -> Story:
    """The same, of the moment that this transaction sees."""
    noticed = _noticed(connection, parse_address(address).canonical)
    known = profile(connection, address, workspace.seals, is_known=bool(noticed))
    return Story(known, _received(connection, known.person), noticed)


def story_json(workspace: Workspace, told: Story) -> dict[str, Any]:
    """The story for scripts; `why` has it in each of the site's languages."""
    timezone = workspace.settings.site.timezone
    return profile_json(told.known) | {
        "deliveries": [one.as_json() for one in told.received],
        "notices": [one.as_json() for one in told.noticed],
        "why": {
            language: why(told.known, StoryWords(language, timezone))
            for language in workspace.settings.site.languages
        },
    }


def story_for_staff(workspace: Workspace, told: Story) -> str:
    """The story in English, but why the person gets what they get in the person's language."""
    timezone = workspace.settings.site.timezone
    return story_text(told, StoryWords("en", timezone), _reader_words(workspace, told))


def story_for_reader(workspace: Workspace, told: Story, language: str = "") -> str:
    """The story in `language`, all of it; in the person's own when none is given."""
    timezone = workspace.settings.site.timezone
    words = StoryWords(language, timezone) if language else _reader_words(workspace, told)
    return story_text(told, words, words)


def story_as_file(workspace: Workspace, told: Story) -> str:
    """The story as JSON, as the person gets it."""
    return json.dumps(story_json(workspace, told), ensure_ascii=False, indent=2) + "\n"


def write_story(workspace: Workspace, told: Story, folder: Path, *, actor: str) -> list[Path]:
    """Writes what the person gets who asks what is held of them: all of it as JSON, and as a text
    in their language. Gives the two files, which only their owner can read (X13).

    Raises SurroundingsFailed when they cannot be written.
    """
    # Before anything is written: nothing leaves the house unrecorded (X15).
    with writing(workspace.engine) as connection:
        detail, at = "written to files", workspace.now()
        record_telling(connection, actor=actor, detail=detail, at=at)
    return [
        _write(folder / JSON_FILE, story_as_file(workspace, told)),
        _write(folder / TEXT_FILE, story_for_reader(workspace, told)),
    ]


def record_telling(connection: Connection, *, actor: str, detail: str, at: datetime) -> None:
    """Audits that a person's story is given out; `detail` says in which way."""
    audit.record(
        connection,
        actor=actor,
        action="subscribers show",
        subject="one person",
        detail=detail,
        at=at,
    )


def _reader_words(workspace: Workspace, told: Story) -> StoryWords:
    site = workspace.settings.site
    person = told.known.person
    return StoryWords(person.language if person else site.languages[0], site.timezone)


def _write(file: Path, text: str) -> Path:
    cure = "Check the folder, and that the disk has room."
    with private_file(file, what="the story", cure=cure, make_folder=True) as out:
        out.write(text)
    return file


def _received(connection: Connection, person: Subscriber | None) -> tuple[Received, ...]:
    if person is None:
        return ()
    rows = connection.execute(
        select(deliveries, editions.c.slug)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.subscriber_id == person.id)
        .order_by(deliveries.c.id)
    )
    return tuple(
        Received(row.slug, row.state, row.reason, row.language, row.updated_at) for row in rows
    )


def _noticed(connection: Connection, canonical: str) -> tuple[Noticed, ...]:
    theirs = [
        and_(notices.c.canonical == one, true() if until is None else notices.c.created_at <= until)
        for one, until in addresses_had(connection, canonical).items()
    ]
    query = select(notices).where(or_(*theirs)).order_by(notices.c.id)
    return tuple(
        Noticed(row.kind, row.state, row.reason, row.updated_at)
        for row in connection.execute(query)
    )
