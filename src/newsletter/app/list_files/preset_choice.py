"""Which program a list comes from."""

from __future__ import annotations

from collections.abc import Collection

from newsletter.app.list_files.presets import (
    LISTMONK,
    MAILCHIMP_CLEANED,
    MAILCHIMP_NONSUBSCRIBED,
    MAILCHIMP_SUBSCRIBED,
    MAILCHIMP_UNSUBSCRIBED,
    NEWSLETTER,
    PLAIN,
    PRESETS,
    Preset,
)
from newsletter.app.list_files.tables import ListTable, faulty, folded
from newsletter.domain.errors import BadInput
from newsletter.domain.suggestions import nearest

_MAILCHIMP_SIGNS = frozenset(
    {"member_rating", "leid", "euid", "confirm_time", "unsub_time", "clean_time"}
)
_LEFT = ("unsubscribed", "cleaned")


def choose_preset(name: str | None, table: ListTable) -> Preset:
    """The preset of that name, in its form for these columns; without a name, the one that the
    columns tell.

    Raises BadInput for a name that there is not, FaultyFile for a list of Mailchimp's that does not
    say who subscribed: nobody is subscribed by a guess.
    """
    columns = {folded(column) for column in table.header}
    if name is None:
        name = _told(columns)
    if name not in PRESETS:
        near = nearest(name, PRESETS)
        raise BadInput(
            f'there is no preset "{name}"',
            cure=f"Did you mean {near}?" if near else f"There are {', '.join(PRESETS)}.",
        )
    if name == "mailchimp":
        return _mailchimp(table, columns)
    return {"listmonk": LISTMONK, "newsletter": NEWSLETTER}.get(name, PLAIN)


def _told(columns: Collection[str]) -> str:
    if "email address" in columns and not _MAILCHIMP_SIGNS.isdisjoint(columns):
        return "mailchimp"
    told = (preset.name for preset in (NEWSLETTER, LISTMONK) if preset.told_by <= set(columns))
    return next(told, PLAIN.name)


def _mailchimp(table: ListTable, columns: Collection[str]) -> Preset:
    file = table.file
    if file.name.lower().startswith("nonsubscribed"):
        return MAILCHIMP_NONSUBSCRIBED
    for preset in (MAILCHIMP_CLEANED, MAILCHIMP_UNSUBSCRIBED):
        if preset.told_by <= set(columns):
            return preset
    if {"confirm_time", "optin_time"}.isdisjoint(columns):
        message = "has neither OPTIN_TIME nor CONFIRM_TIME, so it does not say who subscribed"
        raise faulty(
            file,
            table.header_line,
            message,
            "import Mailchimp's file as it came, or say --preset plain",
        )
    if file.name.lower().startswith(_LEFT):
        message = (
            "is named for people who are not to be mailed, but has no UNSUB_TIME or CLEAN_TIME"
        )
        raise faulty(file, table.header_line, message, "import Mailchimp's file as it came")
    return MAILCHIMP_SUBSCRIBED
