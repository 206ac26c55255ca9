"""Who gets no notice any more, for what has come between its being queued and its being sent."""

from __future__ import annotations

from sqlalchemy import Connection

from newsletter.audience import stopping
from newsletter.audience.suppressions import find_suppression
from newsletter.domain.notices import Notice, NoticeKind
from newsletter.tokens.erasure_seals import ErasureSeals

_TO_CONFIRM = frozenset({NoticeKind.CONFIRM, NoticeKind.REMINDER, NoticeKind.ADDRESS_TO})
_ABOUT_THE_LIST = frozenset({NoticeKind.WELCOME, NoticeKind.ON_LIST, NoticeKind.MY_LINK})


class NobodyThere(Exception):
    """Whom a notice is about is not on the list any more."""


def is_unwanted(connection: Connection, notice: Notice, seals: ErasureSeals) -> bool:
    """Whether the address wants no such mail by now.

    What would be lifted by confirming does not keep anybody from being asked to. What people have a
    right to, their data, their erasure and hearing of what is done to their address, goes to them
    whatever they are mailed.
    """
    if notice.kind in _TO_CONFIRM:
        return stopping.is_stopped(connection, notice.canonical, seals)
    if notice.kind in _ABOUT_THE_LIST:
        return find_suppression(connection, notice.canonical, seals) is not None
    return False
