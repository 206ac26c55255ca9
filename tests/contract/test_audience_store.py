"""The audience's store on a migrated database: what every database must do alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select

from newsletter.audience import leaving, subscribers, suppressions, topics
from newsletter.audience.audience import audience_select
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people, add_person, join
from newsletter.audience.judging import Joined
from newsletter.audience.person import Person
from newsletter.audience.profile import profile, profile_json
from newsletter.audience.requests.asking import ask
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.people import (
    Basis,
    Subscriber,
    SubscriptionStatus,
    SuppressionReason,
    Topic,
    Wording,
)
from newsletter.domain.requests import LeavingReason, NewRequest, RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import writing
from newsletter.storage.schema import consents, leaving_reasons, subscriptions
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
STAFF = Grounds(
    Basis.CONSENT, "sign-up form of 2025", Wording("Monthly news by email"), "mair", NOW
)
OWN_ACT = Grounds(Basis.CONSENT, "preferences page", None, "reader", LATER)


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


@pytest.fixture
def bulletin(connection: Connection) -> Topic:
    return make_topic(connection, "monthly-bulletin")


def make_topic(connection: Connection, slug: str, *, private: bool = False) -> Topic:
    return topics.add_topic(
        connection,
        slug,
        names={"en": slug, "cy": f"{slug} cy"},
        private=private,
        actor="mair",
        now=NOW,
    )


def person(address: str, name: str = "", language: str = "") -> Person:
    return Person(parse_address(address), name, language)


def add(connection: Connection, topic: Topic, *people: Person) -> list[Joined]:
    return add_people(connection, people, topic, STAFF, default_language="en", seals=some_seals())


def added(connection: Connection, topic: Topic, address: str) -> Subscriber:
    add(connection, topic, person(address))
    return subscribers.subscriber(connection, address)


def leave(connection: Connection, somebody: Subscriber, topic: Topic) -> bool:
    return leaving.leave(
        connection, somebody.id, topic.id, source="unsubscribe page", actor="reader", at=LATER
    )


def suppress(connection: Connection, address: str) -> bool:
    new = NewSuppression(parse_target(address), SuppressionReason.COMPLAINT, "a letter")
    return suppressions.suppress(connection, new, some_seals(), actor="mair", at=NOW)


def status(connection: Connection, somebody: Subscriber, topic: Topic) -> str | None:
    found = subscribers.subscriptions_of(connection, somebody.id)
    return next((one.status for one in found if one.topic == topic.slug), None)


def audience(connection: Connection, topic: Topic) -> list[str]:
    everyone = {one.id: one.address for one in subscribers.all_subscribers(connection)}
    return sorted(everyone[row.id] for row in connection.execute(audience_select(topic.id)))


def languages(connection: Connection, topic: Topic) -> list[str]:
    return sorted(row.language for row in connection.execute(audience_select(topic.id)))


# Topics


def test_a_topic_is_found_by_its_slug_and_by_its_public_id(connection: Connection) -> None:
    made = make_topic(connection, "grants", private=True)

    assert topics.topic(connection, "grants") == made
    assert topics.topic_by_public_id(connection, made.public_id) == made
    assert made.names == {"en": "grants", "cy": "grants cy"}
    assert made.private
    assert 0 < made.public_id < 2**32


def test_an_unknown_topic_is_bad_input_that_names_the_topics_there_are(
    connection: Connection, bulletin: Topic
) -> None:
    with pytest.raises(BadInput, match="no topic bulletin") as caught:
        topics.topic(connection, "bulletin")

    assert bulletin.slug in str(caught.value)
    assert topics.topic_by_public_id(connection, 0) is None


def test_a_topic_is_added_once(connection: Connection, bulletin: Topic) -> None:
    with pytest.raises(Refused, match="already"):
        make_topic(connection, bulletin.slug)

    assert topics.all_topics(connection) == [bulletin]


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("Monthly Bulletin", {"en": "Bulletin"}),
        ("-bulletin", {"en": "Bulletin"}),
        ("bulletin", {}),
        ("bulletin", {"english": "Bulletin"}),
        ("bulletin", {"en": "  "}),
        ("bulletin", {"en": "B" * 201}),
        ("bulletin", {"en": "Bulletin\r\nBcc: all@example.org"}),
    ],
)
def test_a_topic_that_mail_could_not_name_is_bad_input(
    connection: Connection, slug: str, names: dict[str, str]
) -> None:
    """M12: the name stands in the List-ID header."""
    with pytest.raises(BadInput):
        topics.add_topic(connection, slug, names=names, private=False, actor="mair", now=NOW)

    assert topics.all_topics(connection) == []


# Joining


def test_a_new_person_is_added_with_a_consent_record(
    connection: Connection, bulletin: Topic
) -> None:
    """L1, L2"""
    outcome = add_person(
        connection,
        person("Carys@Example.org", "Carys", "cy"),
        bulletin,
        STAFF,
        default_language="en",
        seals=some_seals(),
    )

    carys = subscribers.subscriber(connection, "carys@example.org")
    assert outcome is Joined.ADDED
    assert (carys.address, carys.canonical) == ("Carys@Example.org", "carys@example.org")
    assert (carys.name, carys.language) == ("Carys", "cy")
    assert subscribers.by_handle(connection, carys.handle) == carys
    (subscription,) = subscribers.subscriptions_of(connection, carys.id)
    assert (subscription.topic, subscription.status) == (bulletin.slug, SubscriptionStatus.ACTIVE)
    (consent,) = subscribers.consents_of(connection, carys.id)
    assert (consent.basis, consent.source, consent.wording) == (
        Basis.CONSENT,
        STAFF.source,
        STAFF.wording,
    )
    assert (consent.actor, consent.at) == ("mair", NOW)


def test_the_same_address_in_other_letters_is_the_same_person(
    connection: Connection, bulletin: Topic
) -> None:
    add(connection, bulletin, person("carys@example.org"))

    assert add(connection, bulletin, person("CARYS@EXAMPLE.ORG")) == [Joined.UNCHANGED]


def test_an_address_with_a_dot_or_a_plus_is_somebody_else(
    connection: Connection, bulletin: Topic
) -> None:
    people = [person(f"{local}@example.org") for local in ("carys", "ca.rys", "carys+news")]

    assert add(connection, bulletin, *people) == [Joined.ADDED] * 3


def test_somebody_who_names_no_language_gets_the_sites_first(
    connection: Connection, bulletin: Topic
) -> None:
    assert added(connection, bulletin, "dai@example.org").language == "en"


def test_adding_somebody_again_changes_nothing_and_records_nothing(
    connection: Connection, bulletin: Topic
) -> None:
    dai = added(connection, bulletin, "dai@example.org")

    assert add(connection, bulletin, person("dai@example.org")) == [Joined.UNCHANGED]
    assert len(subscribers.consents_of(connection, dai.id)) == 1


def test_another_name_or_language_updates_the_person(
    connection: Connection, bulletin: Topic
) -> None:
    dai = added(connection, bulletin, "dai@example.org")

    outcome = add(connection, bulletin, person("dai@example.org", "Dai", "cy"))

    now = subscribers.subscriber(connection, "dai@example.org")
    assert outcome == [Joined.UPDATED]
    assert (now.name, now.language, now.handle) == ("Dai", "cy", dai.handle)
    assert len(subscribers.consents_of(connection, dai.id)) == 1


def test_saying_nothing_of_name_and_language_keeps_what_is_known(
    connection: Connection, bulletin: Topic
) -> None:
    add(connection, bulletin, person("dai@example.org", "Dai", "cy"))

    assert add(connection, bulletin, person("dai@example.org")) == [Joined.UNCHANGED]
    dai = subscribers.subscriber(connection, "dai@example.org")
    assert (dai.name, dai.language) == ("Dai", "cy")


def test_a_known_person_gains_another_topic(connection: Connection, bulletin: Topic) -> None:
    grants = make_topic(connection, "grants")
    dai = added(connection, bulletin, "dai@example.org")

    assert add(connection, grants, person("dai@example.org")) == [Joined.UPDATED]
    topics_of_dai = [one.topic for one in subscribers.subscriptions_of(connection, dai.id)]
    assert topics_of_dai == ["grants", bulletin.slug]


def test_outcomes_come_in_the_order_of_the_people(connection: Connection, bulletin: Topic) -> None:
    left = added(connection, bulletin, "left@example.org")
    leave(connection, left, bulletin)
    added(connection, bulletin, "same@example.org")
    added(connection, bulletin, "other@example.org")
    suppress(connection, "complained@example.org")

    outcomes = add(
        connection,
        bulletin,
        person("complained@example.org"),
        person("new@example.org"),
        person("left@example.org"),
        person("other@example.org", "Other"),
        person("same@example.org"),
    )

    assert outcomes == [
        Joined.SUPPRESSED,
        Joined.ADDED,
        Joined.HAS_LEFT,
        Joined.UPDATED,
        Joined.UNCHANGED,
    ]


def test_adding_nobody_is_nothing(connection: Connection, bulletin: Topic) -> None:
    assert add(connection, bulletin) == []


# Nobody is revived


def test_staff_cannot_bring_back_somebody_who_has_left(
    connection: Connection, bulletin: Topic
) -> None:
    """B6"""
    dai = added(connection, bulletin, "dai@example.org")
    leave(connection, dai, bulletin)

    with pytest.raises(Refused, match="has left monthly-bulletin") as caught:
        add_person(
            connection,
            person("dai@example.org", "Dai"),
            bulletin,
            STAFF,
            default_language="en",
            seals=some_seals(),
        )

    assert "signing up again" in str(caught.value)
    assert "dai@example.org" not in str(caught.value)
    assert status(connection, dai, bulletin) == SubscriptionStatus.UNSUBSCRIBED
    assert subscribers.subscriber(connection, "dai@example.org").name == ""


def test_staff_cannot_add_a_suppressed_address(connection: Connection, bulletin: Topic) -> None:
    """B6"""
    suppress(connection, "dai@example.org")

    with pytest.raises(Refused, match="is suppressed") as caught:
        add_person(
            connection,
            person("Dai@example.org"),
            bulletin,
            STAFF,
            default_language="en",
            seals=some_seals(),
        )

    assert "suppressions lift" in str(caught.value)
    assert subscribers.find(connection, "dai@example.org") is None


def test_the_persons_own_act_brings_them_back(connection: Connection, bulletin: Topic) -> None:
    dai = added(connection, bulletin, "dai@example.org")
    leave(connection, dai, bulletin)

    changed = join(connection, dai, bulletin, OWN_ACT, seals=some_seals())

    assert changed
    assert status(connection, dai, bulletin) == SubscriptionStatus.ACTIVE
    assert [one.status for one in subscribers.consents_of(connection, dai.id)] == [
        "active",
        "unsubscribed",
        "active",
    ]


def test_joining_twice_is_as_good_as_once(connection: Connection, bulletin: Topic) -> None:
    dai = added(connection, bulletin, "dai@example.org")

    assert not join(connection, dai, bulletin, OWN_ACT, seals=some_seals())
    assert len(subscribers.consents_of(connection, dai.id)) == 1


def test_even_the_persons_own_act_does_not_pass_a_suppression(
    connection: Connection, bulletin: Topic
) -> None:
    """B6"""
    dai = added(connection, bulletin, "dai@example.org")
    leave(connection, dai, bulletin)
    suppress(connection, "dai@example.org")

    with pytest.raises(Refused, match="is suppressed"):
        join(connection, dai, bulletin, OWN_ACT, seals=some_seals())

    assert status(connection, dai, bulletin) == SubscriptionStatus.UNSUBSCRIBED


@pytest.mark.parametrize("resting", [SubscriptionStatus.PENDING, SubscriptionStatus.PAUSED])
def test_staff_do_not_wake_a_subscription_that_waits_for_the_person(
    connection: Connection, bulletin: Topic, resting: SubscriptionStatus
) -> None:
    dai = added(connection, bulletin, "dai@example.org")
    write_subscriptions(connection, [dai.id], bulletin.id, resting, STAFF)

    assert add(connection, bulletin, person("dai@example.org")) == [Joined.UNCHANGED]
    assert status(connection, dai, bulletin) == resting


# Leaving


def test_leaving_one_topic_leaves_the_others_alone(connection: Connection, bulletin: Topic) -> None:
    """T8"""
    grants = make_topic(connection, "grants")
    dai = added(connection, bulletin, "dai@example.org")
    add(connection, grants, person("dai@example.org"))

    assert leave(connection, dai, bulletin)

    assert status(connection, dai, bulletin) == SubscriptionStatus.UNSUBSCRIBED
    assert status(connection, dai, grants) == SubscriptionStatus.ACTIVE


def test_leaving_is_recorded_once_however_often_it_is_said(
    connection: Connection, bulletin: Topic
) -> None:
    """L1, T7"""
    dai = added(connection, bulletin, "dai@example.org")

    assert [leave(connection, dai, bulletin) for _ in range(3)] == [True, False, False]

    _, last = subscribers.consents_of(connection, dai.id)
    assert (last.status, last.source, last.actor, last.at) == (
        SubscriptionStatus.UNSUBSCRIBED,
        "unsubscribe page",
        "reader",
        LATER,
    )
    assert last.basis is Basis.CONSENT


def test_leaving_a_topic_one_never_had_makes_no_subscription(
    connection: Connection, bulletin: Topic
) -> None:
    grants = make_topic(connection, "grants")
    dai = added(connection, bulletin, "dai@example.org")

    assert not leave(connection, dai, grants)
    assert status(connection, dai, grants) is None


def test_leaving_everything_leaves_each_topic_once(connection: Connection, bulletin: Topic) -> None:
    grants = make_topic(connection, "grants")
    dai = added(connection, bulletin, "dai@example.org")
    add(connection, grants, person("dai@example.org"))
    leave(connection, dai, grants)

    numbers = [
        leaving.leave_all(connection, dai.id, source="page", actor="reader", at=LATER)
        for _ in range(2)
    ]

    assert numbers == [1, 0]
    assert {one.status for one in subscribers.subscriptions_of(connection, dai.id)} == {
        SubscriptionStatus.UNSUBSCRIBED
    }


def test_leaving_touches_nobody_else(connection: Connection, bulletin: Topic) -> None:
    dai = added(connection, bulletin, "dai@example.org")
    added(connection, bulletin, "eleri@example.org")

    number = leaving.leave_all(connection, dai.id, source="page", actor="reader", at=LATER)

    assert number == 1
    assert audience(connection, bulletin) == ["eleri@example.org"]
    assert len(subscribers.consents_of(connection, dai.id)) == 2


# Suppressions


def test_a_suppressed_address_is_in_no_audience(connection: Connection, bulletin: Topic) -> None:
    """L4"""
    added(connection, bulletin, "Dai@example.org")
    added(connection, bulletin, "eleri@example.org")

    suppress(connection, "dai@EXAMPLE.org")

    assert audience(connection, bulletin) == ["eleri@example.org"]


# Audience and profile


def test_the_audience_holds_the_active_only_with_the_language_they_read(
    connection: Connection, bulletin: Topic
) -> None:
    add(
        connection,
        bulletin,
        person("a@example.org", "A", "cy"),
        person("b@example.org", "B", "en"),
        person("c@example.org", "C", "en"),
    )
    dai = added(connection, bulletin, "dai@example.org")
    leave(connection, dai, bulletin)
    add(connection, make_topic(connection, "grants"), person("elsewhere@example.org"))

    assert languages(connection, bulletin) == ["cy", "en", "en"]
    assert audience(connection, bulletin) == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_language_changes_for_one_person(connection: Connection, bulletin: Topic) -> None:
    dai = added(connection, bulletin, "dai@example.org")
    added(connection, bulletin, "eleri@example.org")

    subscribers.set_language(connection, dai.id, "cy")

    assert languages(connection, bulletin) == ["cy", "en"]


def test_everyone_is_listed_in_the_order_of_coming(connection: Connection, bulletin: Topic) -> None:
    for name in ("eleri", "dai"):
        added(connection, bulletin, f"{name}@example.org")

    found = [one.address for one in subscribers.all_subscribers(connection)]
    assert found == ["eleri@example.org", "dai@example.org"]


def test_who_has_no_subscription_at_all_is_not_on_the_list(
    connection: Connection, bulletin: Topic
) -> None:
    """As an import leaves them that was undone; their story is still told."""
    dai = added(connection, bulletin, "dai@example.org")
    connection.execute(delete(subscriptions).where(subscriptions.c.subscriber_id == dai.id))

    assert list(subscribers.all_subscribers(connection)) == []
    assert profile(connection, "dai@example.org", some_seals()).person == dai


def test_a_profile_tells_a_person_all_that_is_known_of_them(
    connection: Connection, bulletin: Topic
) -> None:
    add(connection, bulletin, person("Dai@example.org", "Dai", "cy"))
    suppress(connection, "dai@example.org")

    assert profile_json(profile(connection, "dai@EXAMPLE.org", some_seals())) == {
        "email": "Dai@example.org",
        "language": "cy",
        "name": "Dai",
        "format": "html",
        "attributes": {},
        "since": "2026-10-05T09:00:00+00:00",
        "subscriptions": [
            {
                "topic": "monthly-bulletin",
                "status": "active",
                "basis": "consent",
                "since": "2026-10-05T09:00:00+00:00",
                "resumes_at": None,
            }
        ],
        "suppression": {
            "reason": "complaint",
            "evidence": "a letter",
            "at": "2026-10-05T09:00:00+00:00",
            "domain": None,
        },
        "consents": [
            {
                "topic": "monthly-bulletin",
                "status": "active",
                "basis": "consent",
                "source": "sign-up form of 2025",
                "wording": "Monthly news by email",
                "wording_language": "",
                "wording_version": "",
                "actor": "mair",
                "ip": None,
                "at": "2026-10-05T09:00:00+00:00",
                "import_id": None,
            }
        ],
        "leaving_reasons": [],
        "requests": [],
    }


def test_a_profile_tells_when_a_pause_is_over_and_why_somebody_left(
    connection: Connection, bulletin: Topic
) -> None:
    grants = make_topic(connection, "grants")
    dai = added(connection, bulletin, "dai@example.org")
    paused = SubscriptionStatus.PAUSED
    write_subscriptions(connection, [dai.id], bulletin.id, paused, OWN_ACT, resumes_at=LATER)
    connection.execute(
        insert(leaving_reasons).values(
            subscriber_id=dai.id, topic_id=grants.id, reason=LeavingReason.TOO_OFTEN, at=NOW
        )
    )

    known = profile_json(profile(connection, "dai@example.org", some_seals()))

    assert known["subscriptions"][0]["resumes_at"] == "2026-10-06T09:00:00+00:00"
    assert known["leaving_reasons"] == [
        {"topic": "grants", "reason": "too-often", "at": "2026-10-05T09:00:00+00:00"}
    ]


def test_a_profile_tells_what_was_asked_for_also_by_somebody_who_is_on_no_list(
    connection: Connection,
) -> None:
    new = [
        NewRequest(kind, address, "cy", "page", ip="192.0.2.7")
        for kind, address in (
            (RequestKind.SIGN_UP, "Dai@example.org"),
            (RequestKind.MY_LINK, "other@example.org"),
            (RequestKind.MY_DATA, "dai@example.org"),
        )
    ]
    ask(connection, new, NOW)

    known = profile(connection, "DAI@example.org", some_seals())

    assert (known.person, known.address) == (None, "DAI@example.org")
    assert profile_json(known)["requests"] == [
        {
            "kind": kind,
            "outcome": None,
            "at": "2026-10-05T09:00:00+00:00",
            "confirmed_at": None,
        }
        for kind in ("sign-up", "my-data")
    ]


def test_a_profile_of_nobody_is_bad_input_and_does_not_repeat_the_address(
    connection: Connection,
) -> None:
    with pytest.raises(BadInput, match="nobody on the list") as caught:
        profile(connection, "dai@example.org", some_seals())

    assert "dai@" not in str(caught.value)


def test_a_token_for_nobody_finds_nobody(connection: Connection) -> None:
    assert subscribers.by_handle(connection, 0) is None


def test_every_change_of_a_subscription_has_its_line_in_the_ledger(
    connection: Connection, bulletin: Topic
) -> None:
    """L1: as many lines as changes, and the last one says what the subscription is."""
    dai = added(connection, bulletin, "dai@example.org")
    leave(connection, dai, bulletin)
    join(connection, dai, bulletin, OWN_ACT, seals=some_seals())
    leaving.leave_all(connection, dai.id, source="page", actor="reader", at=LATER)

    lines = connection.execute(select(func.count()).select_from(consents)).scalar()
    last = subscribers.consents_of(connection, dai.id)[-1]
    assert lines == 4
    assert last.status == status(connection, dai, bulletin) == SubscriptionStatus.UNSUBSCRIBED
