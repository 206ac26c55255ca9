"""Downloading what is held of oneself (T3, L5)."""

from __future__ import annotations

from sqlalchemy import Connection

from newsletter.app import telling
from newsletter.app.person_story import Story
from newsletter.app.requests.confirmable import Act
from newsletter.app.workspace import Workspace
from newsletter.domain.confirming import Confirmation, Download, Stage
from newsletter.domain.people import READER
from newsletter.domain.requests import Request
from newsletter.mail.addresses import mask


class MyData:
    """The downloads of one workspace, in the form that the button chooses: `json`, or a text in the
    language in which it was asked for. They may be repeated for as long as the link works."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def look(self, connection: Connection, request: Request) -> Confirmation:
        """Open until the link's time is over, also when it was used."""
        is_open = self._workspace.now() < request.expires_at
        return _shown(request, Stage.OPEN if is_open else Stage.OVER)

    def confirm(self, connection: Connection, request: Request, act: Act) -> Confirmation:
        """The file, on record before it is given out (X15)."""
        told = telling.story_in(connection, self._workspace, request.address)
        detail = "downloaded by the person"
        telling.record_telling(connection, actor=READER, detail=detail, at=act.at)
        file = self._json(told) if act.choice == "json" else self._text(told, request)
        return _shown(request, Stage.DONE, file)

    def finish(self, request: Request) -> None:
        """There is nothing else to do."""

    def _json(self, told: Story) -> Download:
        content = telling.story_as_file(self._workspace, told)
        return Download(telling.JSON_FILE, content.encode(), "application/json")

    def _text(self, told: Story, request: Request) -> Download:
        content = telling.story_for_reader(self._workspace, told, request.language)
        return Download(telling.TEXT_FILE, content.encode(), "text/plain")


def _shown(request: Request, stage: Stage, file: Download | None = None) -> Confirmation:
    return Confirmation(stage, request.kind, mask(request.address), download=file)
