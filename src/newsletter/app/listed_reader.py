"""Somebody on the list, for whom an edition is composed to look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from newsletter.app.segment_rules import condition_of_rule, frozen_rules
from newsletter.app.workshop import Workshop
from newsletter.app.workspace import Workspace, open_settings
from newsletter.audience.subscribers import subscriber
from newsletter.audience.topics import topic
from newsletter.dispatch.personal_messages import Addressee
from newsletter.domain.editions import EditionContent
from newsletter.domain.errors import BadInput
from newsletter.settings.model import Settings
from newsletter.storage.engine import reading
from newsletter.storage.schema import subscribers, subscriptions


@dataclass(frozen=True, slots=True)
class ListedReader:
    """Whom a mail is for, and the language that they read; `id` is their row's."""

    settings: Settings
    id: int
    addressee: Addressee
    language: str

    def language_of(self, languages: tuple[str, ...]) -> str:
        """The one of an edition's languages in which they get it: their own, else its first."""
        return self.language if self.language in languages else languages[0]

    def segments_of(self, content: EditionContent) -> frozenset[str]:
        """Those of an edition's segments that they are in now; in one that is not there, nobody is.

        Raises BadInput for an unknown topic.
        """
        if not content.segments:
            return frozenset()
        with open_settings(self.settings) as workspace, reading(workspace.engine) as connection:
            topic_id = topic(connection, content.topic).id
            return frozenset(self._found(connection, workspace, content.segments, topic_id))

    def _found(
        self, connection: Connection, workspace: Workspace, names: tuple[str, ...], topic_id: int
    ) -> Iterator[str]:
        own = and_(
            subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.topic_id == topic_id
        )
        person = select(subscribers.c.id).outerjoin(subscriptions, own)
        for name in names:
            with suppress(BadInput):  # approving says what is wrong with a segment
                (rule,) = frozen_rules(connection, workspace.settings, [name]).values()
                meant = condition_of_rule(rule, workspace.today)
                if connection.execute(person.where(subscribers.c.id == self.id, meant)).first():
                    yield name


def listed_reader(workshop: Workshop, address: str) -> ListedReader:
    """The person with this address on the list of the workspace's database.

    Raises BadInput where there is no workspace or nobody has the address, SurroundingsFailed when
    the database cannot be read as it is.
    """
    if workshop.brand_folder is None:
        raise BadInput(
            "there is no workspace here, and so no list of subscribers",
            cure="Compose without --as, or name the workspace with --config newsletter.toml.",
        )
    with open_settings(workshop.settings) as workspace, reading(workspace.engine) as connection:
        found = subscriber(connection, address)
    return ListedReader(
        workshop.settings,
        found.id,
        Addressee(found.address, found.name, found.format, found.attributes),
        found.language,
    )
