"""Erasing a person who asks for it: from the database and from the files beside it (L4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.erased_files import CleanedFiles, Needle, clean_files
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers
from newsletter.audience.erasure import forget_people, seal_address
from newsletter.audience.requests import forgetting as forgetting_requests
from newsletter.audience.requests.both_ends import addresses_had
from newsletter.audience.suppressions import find_suppression
from newsletter.dispatch.forgetting import forget_recipients
from newsletter.dispatch.lanes import store as lane_store
from newsletter.dispatch.notices import forgetting as forgetting_notices
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Subscriber, Suppression, SuppressionReason
from newsletter.mail.addresses import EmailAddress, mask, parse_address
from newsletter.storage import audit
from newsletter.storage.engine import writing
from newsletter.storage.scrubbing import overwrite_deleted, scrub


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done. `is_new` is False for somebody who had been erased before.

    `deliveries` and `rejected_rows` are numbers of rows, `files` the paths of files that were
    removed; `is_scrubbed` is False while something that reads the database keeps its log from being
    emptied.
    """

    is_new: bool
    deliveries: int
    rejected_rows: int
    files: tuple[str, ...]
    is_scrubbed: bool

    def as_json(self) -> dict[str, object]:
        """The result for scripts."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """What was done in the database, and in which forms files may still hold the address."""

    is_known: bool
    is_new: bool
    deliveries: int
    forms: Collection[str]


def erase(workspace: Workspace, address: str, *, actor: str) -> Erasure:
    """Erases the person who has the address: everything that names them goes, for good.

    What stays is the seal that keeps them off the list, and the totals. Erasing again looks once
    more for what may have come back in files. Raises BadInput when nothing here knows the address.
    """
    parsed = parse_address(address)
    with writing(workspace.engine) as connection:
        rows = erase_rows(connection, workspace, parsed, actor=actor)
    cleaned = erase_files(workspace, rows.forms)
    if not rows.is_known and cleaned == CleanedFiles():
        raise BadInput(
            f"nothing here knows the address {mask(parsed.typed)}",
            cure="Look for another way of writing it with `newsletter subscribers list`.",
        )
    return Erasure(
        is_new=rows.is_new,
        deliveries=rows.deliveries,
        rejected_rows=cleaned.rows,
        files=tuple(cleaned.removed),
        is_scrubbed=scrub(workspace.engine),
    )


def erase_rows(
    connection: Connection, workspace: Workspace, address: EmailAddress, *, actor: str
) -> ErasedRows:
    """The first part of `erase`: what the database holds. When its transaction is over,
    `erase_files` and `scrub` have to follow."""
    overwrite_deleted(connection)
    person = subscribers.find(connection, address.typed)
    standing = _own_suppression(connection, workspace, address)
    had = addresses_had(connection, address.canonical)
    has_asked = _forget_requests(connection, had)
    is_known = person is not None or standing is not None or has_asked
    is_new = person is not None or (is_known and not _is_erased(standing))
    deliveries = _forget(connection, workspace, person, address) if is_known else 0
    if is_new:
        _record(connection, workspace, deliveries, actor)
    forms = {*_forms(address, person), *had}
    return ErasedRows(is_known, is_new, deliveries, forms)


def erase_files(workspace: Workspace, forms: Collection[str]) -> CleanedFiles:
    """The second part of `erase`: what files beside the database hold of an address in any of these
    forms. Raises SurroundingsFailed, naming the file, when one can be neither read nor changed."""
    return clean_files(workspace.settings.data_folder, Needle(forms))


def _own_suppression(
    connection: Connection, workspace: Workspace, address: EmailAddress
) -> Suppression | None:
    found = find_suppression(connection, address.canonical, workspace.seals)
    # That of a whole domain knows nothing of this person.
    return None if found is None or found.target.startswith("@") else found


def _is_erased(standing: Suppression | None) -> bool:
    return standing is not None and standing.reason is SuppressionReason.ERASED


def _forget_requests(connection: Connection, had: Mapping[str, datetime | None]) -> bool:
    """Takes away what was asked for with the addresses that the person has and had, each until
    then, and the notices about it; gives whether there was anything."""
    number = 0
    for address, until in had.items():
        ids = forgetting_requests.about(connection, address, until)
        number += forgetting_notices.forget(connection, address, ids, until)
        number += forgetting_requests.remove(connection, ids)
    return number > 0


def _forget(
    connection: Connection,
    workspace: Workspace,
    person: Subscriber | None,
    address: EmailAddress,
) -> int:
    number = 0
    if person is not None:
        number = forget_recipients(connection, [person.id], workspace.now())
        forget_people(connection, [person.id])
        lane_store.forget_personal(connection, address.canonical.rpartition("@")[2])
    seal_address(connection, address.canonical, workspace.seals, at=workspace.now())
    return number


def _record(connection: Connection, workspace: Workspace, deliveries: int, actor: str) -> None:
    audit.record(
        connection,
        actor=actor,
        action="subscribers erase",
        subject="one person",
        detail=f"{deliveries} deliveries",
        at=workspace.now(),
    )


def _forms(address: EmailAddress, person: Subscriber | None) -> Collection[str]:
    forms = {address.typed, address.canonical, address.wire}
    return forms if person is None else forms | {person.address}
