"""Confirming what was asked for, by the link in the mail about it (T3, T12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.readers.changing import changing
from newsletter.app.requests.confirmable import Act
from newsletter.app.requests.kinds import confirmables
from newsletter.app.workspace import Workspace
from newsletter.audience import lapsing, stopping
from newsletter.audience.requests import finding, recording
from newsletter.domain.confirming import SHOWN_AFTERWARDS, Confirmation, Stage
from newsletter.domain.requests import Request
from newsletter.mail.addresses import mask
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose

_OVER = Confirmation(Stage.OVER)
"""What is said of a link of ours whose request is kept no more."""


class Confirming:
    """The desk of the confirm pages, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kinds = confirmables(workspace)

    def look(self, token: str) -> Confirmation | None:
        """The request as it is."""
        handle = self._read(token)
        if handle is None:
            return None
        with reading(self._workspace.engine) as connection:
            return self._looked_at(connection, finding.by_handle(connection, handle))

    def confirm(self, token: str, *, ip: str | None, choice: str = "") -> Confirmation | None:
        """Does what was asked for unless that was done, or is too late."""
        handle = self._read(token)
        if handle is None:
            return None
        act = Act(self._workspace.now(), ip, choice)
        with changing(self._workspace) as connection:
            request = finding.by_handle(connection, handle)
            before = self._looked_at(connection, request)
            if request is None or before.stage is not Stage.OPEN:
                return before
            is_first = recording.settle(connection, request.id, act.at)
            if not is_first and request.settled_at is None:  # somebody was faster
                return before
            kind = self._kinds[request.kind]
            done = kind.confirm(connection, replace(request, settled_at=act.at), act)
        kind.finish(request)
        return done

    def look_before_blocking(self, token: str) -> Confirmation | None:
        """The request, open until all mail to its address was stopped."""
        handle = self._read(token)
        if handle is None:
            return None
        with reading(self._workspace.engine) as connection:
            request = finding.by_handle(connection, handle)
            if request is None:
                return _OVER
            seals = self._workspace.seals
            is_stopped = stopping.is_stopped(connection, request.canonical, seals)
        return _blocking(request, Stage.STOPPED if is_stopped else Stage.OPEN)

    def block(self, token: str) -> Confirmation | None:
        """Stops all mail to the address, and forgets what was not confirmed."""
        handle = self._read(token)
        if handle is None:
            return None
        with changing(self._workspace) as connection:
            request = finding.by_handle(connection, handle)
            if request is None:
                return _OVER
            seals, now = self._workspace.seals, self._workspace.now()
            stopping.stop(connection, request.canonical, seals, at=now)
            lapsing.forget_sign_ups(connection, request.canonical, at=now)
        return _blocking(request, Stage.STOPPED)

    def _read(self, token: str) -> int | None:
        claims = self._workspace.tokens.read(Purpose.CONFIRM, token)
        return None if claims is None else claims.handle

    def _looked_at(self, connection: Connection, request: Request | None) -> Confirmation:
        if request is None or request.kind not in self._kinds:
            return _OVER
        if _is_over(request, self._workspace.now()):
            return Confirmation(Stage.OVER, request.kind, mask(request.address))
        return self._kinds[request.kind].look(connection, request)


def _is_over(request: Request, now: datetime) -> bool:
    if request.settled_at is not None:
        return now >= request.settled_at + SHOWN_AFTERWARDS
    return now >= request.expires_at


def _blocking(request: Request, stage: Stage) -> Confirmation:
    return Confirmation(stage, request.kind, mask(request.address))
