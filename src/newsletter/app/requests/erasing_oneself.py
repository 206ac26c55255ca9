"""Erasing oneself, for good (T3, L4)."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from newsletter.app.erasing import erase_files, erase_rows
from newsletter.app.requests.confirmable import Act
from newsletter.app.workspace import Workspace
from newsletter.domain.confirming import Confirmation, Stage
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import READER
from newsletter.domain.requests import Request
from newsletter.mail.addresses import mask, parse_address
from newsletter.storage.scrubbing import scrub

_log = logging.getLogger(__name__)


class ErasingOneself:
    """The erasures that people ask for themselves, of one workspace. The request goes with all that
    is known of the person: a link that was used is over."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def look(self, connection: Connection, request: Request) -> Confirmation:
        """Open for as long as the request is there."""
        return Confirmation(Stage.OPEN, request.kind, mask(request.address))

    def confirm(self, connection: Connection, request: Request, act: Act) -> Confirmation:
        """Takes everything that names the person out of the database."""
        erase_rows(connection, self._workspace, parse_address(request.address), actor=READER)
        return Confirmation(Stage.DONE, request.kind)

    def finish(self, request: Request) -> None:
        """Takes the address out of the files, too. One that cannot be cleaned is named in the log,
        for staff to see to with `subscribers erase`: the person has done their part."""
        address = parse_address(request.address)
        try:
            erase_files(self._workspace, {address.typed, address.canonical, address.wire})
            scrub(self._workspace.engine)
        except SurroundingsFailed as error:
            _log.error("of somebody who erased themselves: %s", error)
