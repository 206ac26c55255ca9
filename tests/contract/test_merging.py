"""Lists of the same people that come in, one after the other, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from newsletter.audience.judging import Joined
from newsletter.domain.people import SubscriptionStatus
from tests.mailchimp_lists import EXPORTS, MailchimpRow, mailchimp_export
from tests.passing_audience import an_audience

LEFT = SubscriptionStatus.UNSUBSCRIBED

PEOPLE = ("ann", "dai", "gwen", "sian")
ROWS = st.fixed_dictionaries(
    {
        "First Name": st.sampled_from(["", "Ann", "Dai"]),
        "Last Name": st.sampled_from(["", "Rees"]),
        "Language": st.sampled_from(["", "en", "cy"]),
        "County": st.sampled_from(["", "Powys", "Gwent"]),
        "UNSUB_REASON": st.sampled_from(["", "SPAM_COMPLAINT", "NORMAL"]),
        "TAGS": st.sampled_from(["", '"One","Two"']),
    }
)
EXPORT = st.dictionaries(st.sampled_from(PEOPLE), ROWS)
"""Whoever is in one export, and the cells of their row."""


def exports_of(audience: Mapping[str, Mapping[str, MailchimpRow]]) -> dict[str, str]:
    return {
        kind: mailchimp_export(
            kind, [{"Email Address": f"{who}@example.org", **row} for who, row in rows.items()]
        )
        for kind, rows in audience.items()
    }


def state_after(engine: Engine, lists: Sequence[str]) -> dict[str, Any]:
    """Cards, statuses and suppressions."""
    with an_audience(engine) as there:
        for text in lists:
            there.bring_in(text)
        people = {who: row[:5] for who, row in there.state().items()}
        return {"people": people, "suppressed": there.suppressed()}


AUDIENCES = st.fixed_dictionaries(dict.fromkeys(EXPORTS, EXPORT))
ONCE_PER_ENGINE = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ONCE_PER_ENGINE
@given(AUDIENCES)
def test_the_exports_of_an_audience_give_one_state_in_whatever_order(
    migrated_engine: Engine, audience: dict[str, dict[str, MailchimpRow]]
) -> None:
    exports = exports_of(audience)

    states = [
        state_after(migrated_engine, [exports[kind] for kind in order])
        for order in permutations(EXPORTS)
    ]

    assert all(state == states[0] for state in states)


@ONCE_PER_ENGINE
@given(AUDIENCES, st.lists(st.sampled_from(EXPORTS), max_size=5))
def test_nobody_who_has_left_is_ever_active_again_by_a_list(
    migrated_engine: Engine, audience: dict[str, dict[str, MailchimpRow]], order: list[str]
) -> None:
    """B6"""
    exports = exports_of(audience)
    with an_audience(migrated_engine) as there:
        gone: set[str] = set()
        for kind in order:
            there.bring_in(exports[kind])
            now = there.statuses()

            gone |= {who for who, status in now.items() if status == LEFT}
            assert all(now[who] == LEFT for who in gone)


@ONCE_PER_ENGINE
@given(AUDIENCES, st.permutations(EXPORTS))
def test_a_list_that_comes_again_changes_nothing(
    migrated_engine: Engine, audience: dict[str, dict[str, MailchimpRow]], order: list[str]
) -> None:
    exports = exports_of(audience)
    with an_audience(migrated_engine) as there:
        for kind in order:
            there.bring_in(exports[kind])
        before, lines = (there.state(), there.suppressed()), there.lines()

        again = [joined for kind in order for joined in there.bring_in(exports[kind])[1]]

        assert ((there.state(), there.suppressed()), there.lines()) == (before, lines)
        assert set(again) <= {Joined.UNCHANGED, Joined.HAS_LEFT, Joined.SUPPRESSED}
