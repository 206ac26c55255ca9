"""Reading the time at which an edition is to go out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.domain.errors import BadInput, Refused


def read_time(text: str, zone: str, now: datetime) -> datetime:
    """The instant that `text` names, in UTC.

    `text` is `now`, a local ISO time in `zone` (`2026-10-05T09:00`), or an ISO time with an offset.
    Raises BadInput when it is none of these, Refused for an hour that the clocks skip or repeat,
    or that has passed, with the choices named.
    """
    if text == "now":
        return now
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f'"{text}" is not a time', cure=f"Write it like 2026-10-05T09:00 (in {zone}), or `now`."
        ) from None
    try:
        instant = named.astimezone(UTC) if named.tzinfo else _local(named, ZoneInfo(zone))
    except OverflowError:
        raise BadInput(f"{text} is beyond the calendar", cure="Name a nearer time.") from None
    if instant < now:
        raise Refused(
            f"{text} has passed; it is {said(now, zone)}", cure="Name a later time, or `now`."
        )
    return instant


def said(instant: datetime, zone: str) -> str:
    """An instant as a person of that time zone says it: `Monday 5 October 2026, 09:00 (BST)`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({local.tzname()})"


def _local(named: datetime, zone: ZoneInfo) -> datetime:
    early, late = (named.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != named:
        before, after = named - timedelta(hours=1), named + timedelta(hours=1)
        raise Refused(
            f"{named.isoformat()} does not exist in {zone}: the clocks go forward over it",
            cure=f"Name {before.isoformat()} or {after.isoformat()}.",
        )
    raise Refused(
        f"{named.isoformat()} comes twice in {zone}: the clocks go back over it",
        cure=f"Name {early.isoformat()} or {late.isoformat()}.",
    )
