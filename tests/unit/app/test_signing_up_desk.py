"""Taking in who signs up: written down as it was, and blind to what is known of the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from newsletter.app.erasing import erase
from newsletter.audience import joining, leaving, subscribers, suppressions, topics
from newsletter.audience.grounds import Grounds
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.admission import Admission, SentForm, Verdict
from newsletter.domain.people import Basis, ConsentSource, SuppressionReason
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import writing
from tests.builders import some_seals
from tests.sign_up_house import CONSENT, IP, SignUpHouse


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> SignUpHouse:
    made = SignUpHouse(tmp_path, migrated_engine)
    made.add_topics()
    return made


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What the database is asked meanwhile, without the values."""
    said: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_a_sign_up_is_written_down_as_it_was_made(house: SignUpHouse) -> None:
    """L1: who, when, from where, and in which words."""
    admission = house.sign_up(" Siân@example.org ", topics=["events", "bulletin"])

    (row,) = house.rows
    assert admission == Admission(Verdict.TAKEN)
    assert (row.kind, row.address) == ("sign-up", "Siân@example.org")
    assert row.canonical == "siân@example.org"
    assert row.details == {"topics": ["bulletin", "events"], "language": "cy"}
    assert (row.language, row.source, row.ip) == ("en", ConsentSource.SIGN_UP_PAGE, IP)
    assert row.text == CONSENT
    assert re.fullmatch(r"[0-9a-f]{12}", row.version)
    assert row.asked_at == house.clock.at
    assert (row.answered_at, row.outcome) == (None, None)
    assert house.woken == 1


def test_other_words_or_another_privacy_page_are_another_version(house: SignUpHouse) -> None:
    house.sign_up()
    house.sign_up(consent="You agree to something else.")
    house.sign_up()

    house.privacy["en"] = "second"
    house.sign_up()

    first, second, third, fourth = (row.version for row in house.rows)
    assert first == third
    assert len({first, second, fourth}) == 3


def test_who_wants_their_link_is_written_down_too(house: SignUpHouse) -> None:
    nonce = house.filled_in()

    house.desk.my_link("sian@example.org", "cy", SentForm(nonce, IP))

    (row,) = house.rows
    assert (row.kind, row.canonical) == ("my-link", "sian@example.org")
    assert (row.language, row.ip, row.text) == ("cy", IP, None)
    assert house.woken == 1


def test_a_topic_that_is_private_is_not_joined_by_its_name(house: SignUpHouse) -> None:
    """T15."""
    house.sign_up(topics=["events", "staff-only", "no-such-topic"])

    assert [one.slug for one in house.desk.topics()] == ["bulletin", "events"]
    assert house.rows[0].details["topics"] == ["events"]


def _everybody(house: SignUpHouse) -> dict[str, str]:
    """An address of each kind of person, by what we know of them."""
    with writing(house.workspace.engine) as connection:
        by_staff = Grounds(Basis.PUBLIC_TASK, ConsentSource.STAFF_ADD, None, "mair", house.clock.at)
        events = topics.topic(connection, "events")
        for name in ("active", "left", "gone"):
            person = Person(parse_address(f"{name}@example.org"))
            joining.add_people(
                connection, [person], events, by_staff, default_language="en", seals=some_seals()
            )
        left = subscribers.subscriber(connection, "left@example.org")
        source = ConsentSource.PREFERENCES_PAGE
        leaving.leave_all(connection, left.id, source=source, actor="reader", at=house.clock.at)
        stopped = NewSuppression(
            parse_target("stopped@example.org"), SuppressionReason.COMPLAINT, "a report"
        )
        suppressions.suppress(
            connection, stopped, actor="mair", at=house.clock.at, seals=some_seals()
        )
    erase(house.workspace, "gone@example.org", actor="mair")
    house.sign_up("pending@example.org")
    return {
        "new": "new@example.org",
        "pending": "pending@example.org",
        "active": "active@example.org",
        "unsubscribed": "left@example.org",
        "suppressed": "stopped@example.org",
        "erased": "gone@example.org",
        "of no domain": "sian@no-such-domain-anywhere.org",
    }


def test_the_same_is_done_whatever_is_known_of_the_address(house: SignUpHouse) -> None:
    """T13: no statement more or less, and none in another order."""
    done, said = {}, {}

    for kind, address in _everybody(house).items():
        with statements(house.workspace.engine) as asked:
            said[kind] = house.sign_up(address)
        done[kind] = tuple(asked)

    assert len(done) == 7
    assert len(set(done.values())) == 1
    assert set(said.values()) == {Admission(Verdict.TAKEN)}
    changes = [one for one in done["new"] if not one.startswith("SELECT")]
    assert [one.split()[2] for one in changes] == ["wordings", "requests"]


def test_the_same_is_done_for_whoever_wants_their_link(house: SignUpHouse) -> None:
    """T13."""
    done = set()

    for address in _everybody(house).values():
        nonce = house.filled_in()
        with statements(house.workspace.engine) as asked:
            house.desk.my_link(address, "en", SentForm(nonce, IP))
        done.add(tuple(asked))

    assert len(done) == 1
