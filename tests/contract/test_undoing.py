"""Taking imports back: what was before comes back, and what anybody did since stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from newsletter.audience import import_records, suppressions
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import join
from newsletter.audience.leaving import leave_all
from newsletter.audience.subscribers import consents_of, find, set_language
from newsletter.audience.suppressed_targets import Target
from newsletter.audience.suppressions import NewSuppression
from newsletter.audience.undoing import (
    Undone,
    subscribers_of,
    undo_cards,
    undo_subscriptions,
    undo_suppressions,
)
from newsletter.domain.errors import Refused
from newsletter.domain.people import Basis, ConsentSource, Subscriber, SuppressionReason
from newsletter.storage.schema import subscribers
from tests.builders import some_seals
from tests.mailchimp_lists import mailchimp_export
from tests.passing_audience import NOW, PassingAudience, an_audience

LATER = NOW + timedelta(days=3)
PEOPLE = tuple(f"{who}@example.org" for who in ("ann", "dai", "gwen", "sian"))


def undo(there: PassingAudience, import_id: int) -> Undone:
    ids = subscribers_of(there.connection, import_id, 0, 200)
    undone = undo_subscriptions(there.connection, import_id, ids, actor="mair", at=LATER)
    undone += undo_cards(there.connection, import_id, ids)
    undone += undo_suppressions(there.connection, import_id)
    import_records.mark_undone(there.connection, import_id, LATER)
    return undone


def person(there: PassingAudience, address: str) -> Subscriber:
    found = find(there.connection, address)
    assert found is not None
    return found


def leaves(there: PassingAudience, address: str) -> None:
    if (found := find(there.connection, address)) is not None:
        page = ConsentSource.UNSUBSCRIBE_PAGE
        leave_all(there.connection, found.id, source=page, actor="reader", at=NOW)


def comes_back(there: PassingAudience, address: str) -> None:
    if (found := find(there.connection, address)) is not None:
        page = Grounds(Basis.CONSENT, "sign-up", None, "reader", NOW + timedelta(hours=1))
        try:
            join(there.connection, found, there.topic, page, seals=some_seals())
        except Refused:
            return


def complains(there: PassingAudience, address: str) -> None:
    new = NewSuppression(Target(address), SuppressionReason.COMPLAINT, "a report")
    suppressions.suppress(there.connection, new, some_seals(), actor="feedback", at=NOW)


def turns_to_welsh(there: PassingAudience, address: str) -> None:
    if (found := find(there.connection, address)) is not None:
        set_language(there.connection, found.id, "cy")


Act: TypeAlias = Callable[[PassingAudience, str], None]
ACTS: tuple[Act, ...] = (leaves, comes_back, complains, turns_to_welsh)

ROWS = st.fixed_dictionaries(
    {
        "First Name": st.sampled_from(["", "Ann", "Dai"]),
        "Language": st.sampled_from(["", "en", "cy"]),
        "County": st.sampled_from(["", "Powys"]),
    }
)
LISTS = st.tuples(
    st.sampled_from(["subscribed", "unsubscribed", "cleaned"]),
    st.dictionaries(st.sampled_from(PEOPLE), ROWS),
)
A_LIST: TypeAlias = tuple[str, Mapping[str, Mapping[str, str]]]


def bring_in(there: PassingAudience, a_list: A_LIST, source: str = "a list") -> int:
    kind, rows = a_list
    text = mailchimp_export(kind, [{"Email Address": who, **row} for who, row in rows.items()])
    import_id, _ = there.bring_in(text, source)
    return import_id


def subscribed(*people: str, **cells: str) -> A_LIST:
    return "subscribed", dict.fromkeys(people, cells)


def on_list(there: PassingAudience) -> dict[str, tuple[Any, ...]]:
    """Whoever has a subscription, with everything of them and whether they are suppressed."""
    suppressed = there.suppressed()
    return {
        who: (*row, suppressed.get(who)) for who, row in there.state().items() if row[4] is not None
    }


ON_ONE_ENGINE = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ON_ONE_ENGINE
@given(
    before=st.lists(LISTS, max_size=2),
    acts_before=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE)), max_size=3),
    taken_back=LISTS,
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE)), max_size=3),
)
def test_whom_nobody_touched_since_is_as_before_the_import(
    migrated_engine: Engine,
    before: Sequence[A_LIST],
    acts_before: Sequence[tuple[Act, str]],
    taken_back: A_LIST,
    acts: Sequence[tuple[Act, str]],
) -> None:
    with an_audience(migrated_engine) as there:
        for number, one in enumerate(before):
            bring_in(there, one, f"list {number}")
        for act, who in acts_before:
            act(there, who)
        was = on_list(there)
        import_id = bring_in(there, taken_back, "the wrong list")
        touched = {who for _, who in acts}
        since = there.statuses()
        for act, who in acts:
            act(there, who)
        left = {who for who, status in there.statuses().items() if status == "unsubscribed"} & {
            who for who, status in since.items() if status not in (None, "unsubscribed")
        }
        complained = {who for act, who in acts if act is complains}

        undo(there, import_id)

        now = on_list(there)
        assert {who: row for who, row in now.items() if who not in touched} == {
            who: row for who, row in was.items() if who not in touched
        }
        assert all(there.statuses()[who] == "unsubscribed" for who in left)
        assert all(there.suppressed()[who] == "complaint" for who in complained)


def test_the_ledger_tells_of_both(migrated_engine: Engine) -> None:
    """L1: it is append-only."""
    with an_audience(migrated_engine) as there:
        import_id = bring_in(there, subscribed("ann@example.org"))

        undone = undo(there, import_id)

        assert undone == Undone(removed=1)
        lines = consents_of(there.connection, person(there, "ann@example.org").id)
        assert [(one.status, one.source, one.actor, one.at) for one in lines] == [
            ("active", "a list", "mair", lines[0].at),
            (None, f"undo-import {import_id}", "mair", LATER),
        ]


def test_taking_back_what_was_taken_back_half_way_finishes_it(migrated_engine: Engine) -> None:
    with an_audience(migrated_engine) as there:
        import_id = bring_in(there, subscribed(*PEOPLE))
        ids = subscribers_of(there.connection, import_id, 0, 2)
        undo_subscriptions(there.connection, import_id, ids, actor="mair", at=LATER)

        undone = undo(there, import_id)

        assert undone == Undone(removed=2)
        assert on_list(there) == {}
        assert there.lines() == 8


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_imports_each_takes_back_its_own(migrated_engine: Engine, first: int) -> None:
    with an_audience(migrated_engine) as there:
        both = [
            bring_in(there, subscribed("ann@example.org")),
            bring_in(there, ("unsubscribed", {"ann@example.org": {}}), "departures"),
        ]

        undo(there, both.pop(first))
        between = there.statuses()
        undo(there, both.pop())

        assert between == {"ann@example.org": ["unsubscribed", "active"][first]}
        assert on_list(there) == {}


def test_what_was_before_is_what_was_before_an_import_that_was_taken_back(
    migrated_engine: Engine,
) -> None:
    with an_audience(migrated_engine) as there:
        bring_in(there, subscribed("ann@example.org"))
        was = on_list(there)

        for source in ("one", "another"):
            gone = bring_in(there, ("unsubscribed", {"ann@example.org": {}}), source)
            assert there.statuses() == {"ann@example.org": "unsubscribed"}
            undo(there, gone)

        assert on_list(there) == was


def test_a_name_that_staff_changed_since_stays(migrated_engine: Engine) -> None:
    with an_audience(migrated_engine) as there:
        bring_in(there, subscribed("ann@example.org", **{"First Name": "A", "Language": "en"}))
        wrong = bring_in(
            there, subscribed("ann@example.org", **{"First Name": "B", "Language": "cy"}), "wrong"
        )
        ann = person(there, "ann@example.org")
        there.connection.execute(
            update(subscribers).where(subscribers.c.id == ann.id).values(name="Ann")
        )

        undone = undo(there, wrong)

        assert undone == Undone(cards=1)
        assert person(there, "ann@example.org") == replace(ann, name="Ann", language="en")


def test_a_complaint_outweighs_what_two_lists_only_say_bounced(migrated_engine: Engine) -> None:
    """B6"""
    ann = "ann@example.org"
    with an_audience(migrated_engine) as there:
        import_id = bring_in(there, ("cleaned", {ann: {}}))
        bring_in(there, ("cleaned", {ann: {}}), "another")
        complains(there, ann)

        undo(there, import_id)

        assert there.suppressed() == {ann: "complaint"}


def test_people_are_told_in_parts_by_their_numbers(migrated_engine: Engine) -> None:
    with an_audience(migrated_engine) as there:
        bring_in(there, subscribed("ann@example.org"))
        import_id = bring_in(there, subscribed(*PEOPLE, **{"First Name": "X"}), "all")

        parts = [
            subscribers_of(there.connection, import_id, after, 3)
            for after in (0, person(there, PEOPLE[2]).id)
        ]

        everybody = sorted(person(there, who).id for who in PEOPLE)
        assert parts == [everybody[:3], everybody[3:]]
