"""Changing one's address: made when it was confirmed at both ends (T3)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from newsletter.app.requests.confirmable import Act
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.audience.address_change import address_obstacle, change_address
from newsletter.audience.requests.both_ends import CHANGED, other_end, record_result
from newsletter.audience.requests.recording import end_early
from newsletter.dispatch.lanes import store as lane_store
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.confirming import Confirmation, Stage
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import Subscriber
from newsletter.domain.requests import Request, RequestKind
from newsletter.mail.addresses import EmailAddress, mask, parse_address

_OF_THE_PERSON = (RequestKind.ADDRESS_FROM, RequestKind.MY_DATA, RequestKind.ERASE)

_TOLD_WITHIN = timedelta(days=7)
"""How long the old mailbox is tried for, so that its owner hears of the change."""


class AddressChange:
    """Both ends of the changes of address of one workspace.

    Their facts are `new_address`, masked, and `state`: `waiting` for the other end, `late` when
    that was not confirmed in time, `changed`, or why nothing could be changed: an AddressObstacle,
    or `gone` when nobody has the old address any more. That is told only when both ends were
    confirmed, so that nobody learns from it who is on the list (T13).
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def look(self, connection: Connection, request: Request) -> Confirmation:
        """The change that is asked for, and what has come of it."""
        if request.settled_at is None:
            return _shown(request, Stage.OPEN, "")
        return _shown(request, Stage.DONE, self._state(connection, request))

    def confirm(self, connection: Connection, request: Request, act: Act) -> Confirmation:
        """Makes the change when the other end was confirmed before."""
        other = other_end(connection, request)
        if other is None or other.settled_at is None:
            return self.look(connection, request)
        state = self._change(connection, request, act)
        record_result(connection, (request, other), state)
        return _shown(request, Stage.DONE, state)

    def finish(self, request: Request) -> None:
        """There is nothing else to do."""

    def _state(self, connection: Connection, request: Request) -> str:
        result: str | None = request.details.get("result")
        if result is not None:
            return result
        other = other_end(connection, request)
        is_waited_for = other is not None and self._workspace.now() < other.expires_at
        return "waiting" if is_waited_for else "late"

    def _change(self, connection: Connection, request: Request, act: Act) -> str:
        old = parse_address(request.details["old_address"])
        new = parse_address(request.details["new_address"])
        person = subscribers.find(connection, old.typed)
        if person is None:
            return "gone"
        obstacle = address_obstacle(connection, person, new, self._workspace.seals)
        if obstacle is not None:
            return obstacle
        change_address(connection, person, new, self._workspace.seals, at=act.at)
        # They are of the person, whom nobody finds by the old address any more.
        end_early(connection, old.canonical, _OF_THE_PERSON, act.at)
        # A domain of one's own names its owner.
        lane_store.forget_personal(connection, old.canonical.rpartition("@")[2])
        add_notices(connection, [_changed(person, new, act)], act.at)
        return CHANGED


def _changed(person: Subscriber, new: EmailAddress, act: Act) -> NewNotice:
    return NewNotice(
        NoticeKind.ADDRESS_CHANGED,
        person.address,
        person.language,
        act.at + _TOLD_WITHIN,
        details={"new_address": new.typed},
    )


def _shown(request: Request, stage: Stage, state: str) -> Confirmation:
    facts = {"new_address": mask(request.details["new_address"]), "state": state}
    return Confirmation(stage, request.kind, mask(request.address), facts)
