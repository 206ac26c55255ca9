"""The segments that a site has saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.domain.editions import SLUG
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.suggestions import nearest
from newsletter.storage import audit
from newsletter.storage.schema import segments


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved rule, as it is written."""

    name: str
    rule: str


def save_segment(
    connection: Connection, segment: Segment, *, replace: bool, actor: str, now: datetime
) -> None:
    """Saves a segment whose rule is known to be one, in the place of another only if `replace`.

    Raises BadInput for a name that cannot be used, Refused when it is taken.
    """
    if SLUG.fullmatch(segment.name) is None:
        raise BadInput(
            f'"{segment.name}" cannot be the name of a segment',
            cure="Use small letters, digits and hyphens, such as `mid-wales`.",
        )
    found = find_segment(connection, segment.name)
    if found is not None and not replace:
        raise Refused(
            f"there is a segment {found.name} already: {found.rule}",
            cure="Choose another name, or put your rule in its place with --replace.",
        )
    if found is None:
        row = {"name": segment.name, "rule": segment.rule, "created_at": now}
        connection.execute(insert(segments).values(row))
    else:
        of_name = segments.c.name == segment.name
        connection.execute(update(segments).where(of_name).values(rule=segment.rule))
    _record(connection, "segments add", segment, actor, now)


def remove_segment(connection: Connection, name: str, *, actor: str, now: datetime) -> None:
    """Removes a segment that nothing uses any more; raises BadInput when there is none."""
    found = segment_called(connection, name)
    connection.execute(delete(segments).where(segments.c.name == name))
    _record(connection, "segments remove", found, actor, now)


def find_segment(connection: Connection, name: str) -> Segment | None:
    """The segment called `name`, or None."""
    row = connection.execute(select(segments).where(segments.c.name == name)).first()
    return None if row is None else Segment(row.name, row.rule)


def segment_called(connection: Connection, name: str) -> Segment:
    """The segment called `name`; raises BadInput, which says what there is, when none is."""
    found = find_segment(connection, name)
    if found is None:
        names = [one.name for one in all_segments(connection)]
        raise BadInput(f"no segment {name}", cure=_meant(name, names))
    return found


def all_segments(connection: Connection) -> Iterator[Segment]:
    """Every segment, by name."""
    rows = connection.execute(select(segments).order_by(segments.c.name))
    return (Segment(row.name, row.rule) for row in rows)


def _meant(name: str, names: list[str]) -> str:
    if not names:
        return "Add one with `newsletter segments add NAME RULE`."
    near = nearest(name, names)
    known = f"The segments are: {', '.join(names)}."
    return f"Did you mean {near}? {known}" if near else known


def _record(
    connection: Connection, action: str, segment: Segment, actor: str, now: datetime
) -> None:
    audit.record(
        connection, actor=actor, action=action, subject=segment.name, detail=segment.rule, at=now
    )
