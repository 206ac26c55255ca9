"""The gate before public forms: it lets people in, once each, and not too many of them (T14)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.app.link_keys import add_link_key
from newsletter.app.readers import changing
from newsletter.domain.admission import Verdict
from newsletter.storage.engine import writing
from tests.sign_up_house import IP, SignUpHouse


@pytest.fixture
def house(tmp_path: Path, migrated_engine: Engine) -> SignUpHouse:
    made = SignUpHouse(tmp_path, migrated_engine)
    made.add_topics()
    return made


@pytest.mark.parametrize("seconds", [0, 1, 2, 24 * 3600, 30 * 24 * 3600])
def test_a_form_that_was_filled_in_too_fast_or_is_too_old_is_asked_for_again(
    house: SignUpHouse, seconds: int
) -> None:
    nonce = house.filled_in(seconds=seconds)

    verdict = house.sign_up(nonce=nonce).verdict

    assert verdict is Verdict.AGAIN
    assert house.rows == []
    assert house.woken == 0


@pytest.mark.parametrize("nonce", ["", "garbled", "A" * 50])
def test_a_form_that_we_have_not_given_out_is_asked_for_again(
    house: SignUpHouse, nonce: str
) -> None:
    assert house.sign_up(nonce=nonce).verdict is Verdict.AGAIN
    assert house.rows == []


def test_the_time_to_fill_in_runs_on_when_the_form_comes_back(house: SignUpHouse) -> None:
    nonce = house.filled_in(seconds=1)

    again = house.desk.nonce(nonce)
    house.clock.move(seconds=2)

    assert again == nonce
    assert house.sign_up(nonce=again).verdict is Verdict.TAKEN


@pytest.mark.parametrize("sent", ["", "garbled"])
def test_a_form_without_a_good_nonce_comes_back_with_a_new_one(
    house: SignUpHouse, sent: str
) -> None:
    nonce = house.desk.nonce(sent)
    house.clock.move(seconds=3)

    assert house.sign_up(nonce=nonce).verdict is Verdict.TAKEN


def test_a_nonce_that_is_too_old_is_replaced(house: SignUpHouse) -> None:
    old = house.filled_in(seconds=24 * 3600)

    assert house.desk.nonce(old) != old


def test_a_form_counts_once_however_often_it_is_sent(house: SignUpHouse) -> None:
    nonce = house.filled_in()

    verdicts = [house.sign_up(nonce=nonce).verdict for _ in range(3)]

    assert verdicts == [Verdict.TAKEN, Verdict.IGNORED, Verdict.IGNORED]
    assert len(house.rows) == house.woken == 1


def test_a_used_form_is_known_until_it_is_too_old(house: SignUpHouse) -> None:
    nonce = house.filled_in()
    house.sign_up(nonce=nonce)

    house.clock.move(hours=23, minutes=59)
    nearly_a_day_later = house.sign_up(nonce=nonce).verdict
    house.clock.move(minutes=1)

    assert nearly_a_day_later is Verdict.IGNORED
    assert house.sign_up(nonce=nonce).verdict is Verdict.AGAIN


def test_who_falls_into_the_trap_is_ignored_without_learning_it(house: SignUpHouse) -> None:
    assert house.sign_up(is_trapped=True).verdict is Verdict.IGNORED
    assert house.sign_up(nonce="", is_trapped=True).verdict is Verdict.IGNORED
    assert house.rows == []


def test_one_address_of_the_internet_signs_up_as_many_as_an_hour_allows(
    tmp_path: Path, migrated_engine: Engine
) -> None:
    house = SignUpHouse(tmp_path, migrated_engine, per_ip="5/h", total="1000/h")
    house.add_topics()

    verdicts = [house.sign_up(f"reader{number}@example.org").verdict for number in range(8)]

    assert verdicts == [Verdict.TAKEN] * 5 + [Verdict.CROWDED] * 3
    assert house.sign_up(ip="198.51.100.1").verdict is Verdict.TAKEN
    assert len(house.rows) == 6


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("203.0.113.1", "203.0.113.2", False),
        (None, None, True),
        (None, "203.0.113.1", False),
    ],
)
def test_an_ipv6_network_counts_as_one(
    tmp_path: Path, migrated_engine: Engine, first: str | None, second: str | None, shared: bool
) -> None:
    house = SignUpHouse(tmp_path, migrated_engine, per_ip="1/h")
    house.add_topics()

    verdicts = [house.sign_up(ip=ip).verdict for ip in (first, second)]

    assert verdicts == [Verdict.TAKEN, Verdict.CROWDED if shared else Verdict.TAKEN]


def test_a_thousand_sign_ups_from_everywhere_for_one_address_leave_no_more_rows_than_allowed(
    tmp_path: Path, migrated_engine: Engine
) -> None:
    house = SignUpHouse(tmp_path, migrated_engine, total="30/h")
    house.add_topics()
    nonces = [house.desk.nonce() for _ in range(1000)]
    house.clock.move(seconds=10)

    admissions = [
        house.sign_up(nonce=nonce, ip=f"203.0.{number // 250}.{number % 250}")
        for number, nonce in enumerate(nonces)
    ]

    assert [one.verdict for one in admissions[:30]] == [Verdict.TAKEN] * 30
    assert {one.verdict for one in admissions[30:]} == {Verdict.CROWDED}
    assert all(0 < one.wait <= 120 for one in admissions[30:])
    assert len(house.rows) == 30


def test_the_limits_survive_a_restart(tmp_path: Path, migrated_engine: Engine) -> None:
    before = SignUpHouse(tmp_path, migrated_engine, per_ip="1/h")
    before.add_topics()
    nonce = before.filled_in()
    before.sign_up(nonce=nonce)

    after = SignUpHouse(tmp_path, migrated_engine, per_ip="1/h")
    after.clock.at = before.clock.at

    assert after.sign_up(nonce=nonce).verdict is Verdict.IGNORED
    assert after.sign_up().verdict is Verdict.CROWDED


def test_another_key_of_links_empties_no_bucket(house: SignUpHouse) -> None:
    for _ in range(20):
        house.sign_up(nonce=house.filled_in(seconds=3))
    add_link_key(house.workspace, actor="mair")

    verdict = house.sign_up(nonce=house.filled_in(seconds=3)).verdict

    assert house.workspace.key_ring.active == 1
    assert verdict is Verdict.CROWDED


def test_the_file_of_limits_tells_nobody_who_has_signed_up(house: SignUpHouse) -> None:
    house.sign_up()

    content = (house.workspace.settings.data_folder / "limits.db").read_bytes()

    assert IP.encode() not in content
    assert b"example.org" not in content


def test_when_it_could_not_be_written_down_the_form_may_be_sent_once_more(
    house: SignUpHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "PATIENCE", 0.01)
    nonce = house.filled_in()
    with writing(house.workspace.engine):
        busy = house.sign_up(nonce=nonce)

    again = house.sign_up(nonce=nonce)

    assert (busy.verdict, again.verdict) == (Verdict.BUSY, Verdict.TAKEN)
    assert len(house.rows) == house.woken == 1


def test_damage_to_the_file_of_limits_turns_nobody_away(house: SignUpHouse) -> None:
    house.sign_up()
    (house.workspace.settings.data_folder / "limits.db").write_bytes(b"\0rubbish" * 500)

    verdicts = [house.sign_up().verdict for _ in range(3)]

    assert verdicts == [Verdict.TAKEN] * 3
    assert len(house.rows) == 4
