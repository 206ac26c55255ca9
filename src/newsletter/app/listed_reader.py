"""Somebody on the list, for whom an edition is composed to look at."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.app.workshop import Workshop
from newsletter.app.workspace import open_settings
from newsletter.audience.subscribers import subscriber
from newsletter.dispatch.personal_messages import Addressee
from newsletter.domain.errors import BadInput
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class ListedReader:
    """Whom a mail is for, and the language that they read."""

    addressee: Addressee
    language: str

    def language_of(self, languages: tuple[str, ...]) -> str:
        """The one of an edition's languages in which they get it: their own, else its first."""
        return self.language if self.language in languages else languages[0]


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
    return ListedReader(Addressee(found.address, found.name), found.language)
