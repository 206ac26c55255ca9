"""How often an address may be mailed about requests (T14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.domain.notices import NoticeKind
from newsletter.domain.request_limits import LIMITS, Mailed, may_mail

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CONFIRM, REMINDER = NoticeKind.CONFIRM, NoticeKind.REMINDER
MY_LINK, ON_LIST = NoticeKind.MY_LINK, NoticeKind.ON_LIST


def hours_ago(*kinds_and_hours: tuple[NoticeKind, float]) -> list[Mailed]:
    return [Mailed(kind, NOW - timedelta(hours=hours)) for kind, hours in kinds_and_hours]


@pytest.mark.parametrize(
    ("kind", "mailed", "may"),
    [
        (CONFIRM, (), True),
        (CONFIRM, ((CONFIRM, 23.9),), False),
        (CONFIRM, ((CONFIRM, 24),), True),
        (CONFIRM, ((REMINDER, 1),), False),
        (REMINDER, ((CONFIRM, 24),), True),
        (CONFIRM, ((CONFIRM, 700), (REMINDER, 600), (CONFIRM, 500)), False),
        (CONFIRM, ((CONFIRM, 720), (REMINDER, 600), (CONFIRM, 500)), True),
        (MY_LINK, ((CONFIRM, 0),), True),
        (MY_LINK, ((ON_LIST, 0.9),), False),
        (MY_LINK, ((ON_LIST, 1),), True),
        (ON_LIST, ((MY_LINK, 23), (MY_LINK, 12), (ON_LIST, 2)), False),
        (NoticeKind.ERASE, ((NoticeKind.ERASE, 1),) * 4, True),
        (NoticeKind.ERASE, ((NoticeKind.ERASE, 1),) * 5, False),
        (NoticeKind.ERASE, ((NoticeKind.MY_DATA, 1),) * 5, True),
    ],
)
def test_what_was_mailed_lately_counts(
    kind: NoticeKind, mailed: tuple[tuple[NoticeKind, float], ...], may: bool
) -> None:
    assert may_mail(kind, hours_ago(*mailed), confirmed_at=None, at=NOW) is may


def test_who_has_confirmed_may_be_asked_again_but_not_on_the_same_day() -> None:
    three = hours_ago((CONFIRM, 100), (CONFIRM, 70), (CONFIRM, 40))
    today = hours_ago((CONFIRM, 3))

    confirmed_at = NOW - timedelta(hours=2)

    assert may_mail(CONFIRM, three, confirmed_at=confirmed_at, at=NOW)
    assert not may_mail(CONFIRM, today, confirmed_at=confirmed_at, at=NOW)


def test_what_follows_from_a_confirmation_has_no_limit_of_its_own() -> None:
    limited = {kind for limit in LIMITS for kind in limit.kinds}

    assert set(NoticeKind) - limited == {NoticeKind.WELCOME, NoticeKind.ADDRESS_CHANGED}
