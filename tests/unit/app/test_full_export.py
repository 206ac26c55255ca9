"""The whole audience as one JSON document, and another database made from it."""

from __future__ import annotations

import copy
import csv
import json
import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, update

from newsletter.app.erasing import erase
from newsletter.app.full_export import export_json
from newsletter.app.imports.importing import import_subscribers
from newsletter.app.imports.order import ImportOrder, ImportResult
from newsletter.app.imports.undo import undo_import
from newsletter.app.readers.leaving import Leaving
from newsletter.app.readers.preferring import Preferring
from newsletter.app.workspace import Workspace, keys_file
from newsletter.audience.consent_ledger import write_subscriptions
from newsletter.audience.grounds import Grounds
from newsletter.audience.leaving import leave_all
from newsletter.audience.profile import profile, profile_json
from newsletter.audience.subscribers import all_subscribers, by_handle, subscriber
from newsletter.audience.suppressed_targets import Target
from newsletter.audience.suppressions import NewSuppression, suppress
from newsletter.audience.topics import add_topic, topic
from newsletter.domain.departures import Leaver
from newsletter.domain.errors import BadInput, NewsletterError
from newsletter.domain.people import (
    Basis,
    ConsentSource,
    SubscriptionStatus,
    SuppressionReason,
    Wording,
)
from newsletter.domain.readers import Reader, Voided
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import consents, imports, metadata, subscribers
from newsletter.tokens.tokens import Purpose
from tests.mailchimp_lists import mailchimp_export
from tests.workspaces import TOPIC, Clock, a_workspace

LIST = """email,name,language,format,tags,since,ip
Ann@Example.org,"Ann, Dr",en,html,"One,Two",2024-05-01T10:00:00Z,192.0.2.7
dai@example.org,Dai,cy,text,,,
gone@example.org,Gwen,cy,html,,,
erased@example.org,Eve,en,html,,,
siân@example.org,Siân,cy,html,,,
"""


@pytest.fixture(scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("house")
    clock = Clock()
    with a_workspace(tmp_path / "old", clock=clock) as workspace:
        (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
        order = ImportOrder(
            tmp_path / "list.csv",
            TOPIC,
            Basis.CONSENT,
            "mair",
            source="the fair",
            wording=Wording("We write monthly", "en", "3"),
        )
        import_subscribers(workspace, order)
        cleaned = tmp_path / "cleaned.csv"
        cleaned.write_text(
            mailchimp_export("cleaned", [{"Email Address": "bounced@example.org"}]),
            encoding="utf-8",
        )
        import_subscribers(workspace, ImportOrder(cleaned, TOPIC, Basis.CONTRACT, "mair"))
        clock.move(days=1)
        with writing(workspace.engine) as connection:
            gone = subscriber(connection, "gone@example.org")
            leave_all(connection, gone.id, source="unsubscribe page", actor="reader", at=clock.at)
            for target in ("dai@example.org", "@bad.example.org"):
                new = NewSuppression(Target(target), SuppressionReason.COMPLAINT, "a report")
                suppress(connection, new, workspace.seals, actor="mair", at=clock.at)
            resting = subscriber(connection, "siân@example.org")
            pause = Grounds(Basis.CONSENT, "preferences page", None, "reader", clock.at)
            write_subscriptions(
                connection,
                [resting.id],
                topic(connection, TOPIC).id,
                SubscriptionStatus.PAUSED,
                pause,
                resumes_at=clock.at + timedelta(days=90),
            )
            void_links(connection, resting.id, 2)
            add_topic(
                connection, "alerts", names={"en": "A"}, private=True, actor="m", now=clock.at
            )
        erase(workspace, "erased@example.org", actor="mair")
    return tmp_path / "old"


@pytest.fixture
def old(_house: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with people of every kind."""
    shutil.copytree(_house, tmp_path / "old")
    with a_workspace(tmp_path / "old", clock=Clock(at=Clock().at + timedelta(days=1))) as workspace:
        yield workspace


@pytest.fixture
def new(old: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A new workspace with the old one's keys."""
    with a_workspace(tmp_path / "new"):
        pass
    shutil.copy(keys_file(old.settings), keys_file_in(tmp_path / "new", old))
    with a_workspace(tmp_path / "new", clock=Clock(at=Clock().at + timedelta(days=9))) as workspace:
        yield workspace


def void_links(connection: Connection, person: int, epoch: int) -> None:
    of_person = subscribers.c.id == person
    connection.execute(update(subscribers).where(of_person).values(epoch=epoch))


def keys_file_in(folder: Path, like: Workspace) -> Path:
    return folder / keys_file(like.settings).relative_to(like.settings.folder)


def exported(workspace: Workspace) -> str:
    out = StringIO()
    export_json(workspace, out)
    return out.getvalue()


def said(text: str) -> dict[str, Any]:
    """What an export says, but for when."""
    found: dict[str, Any] = json.loads(text)
    del found["exported_at"]
    return found


def bring(workspace: Workspace, text: str | bytes, *, dry_run: bool = False) -> ImportResult:
    file = workspace.settings.folder / "export.json"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_subscribers(workspace, ImportOrder(file, "", None, "mair", dry_run=dry_run))


def rows(workspace: Workspace) -> dict[str, int]:
    """How many rows each table has."""
    with reading(workspace.engine) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def names(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return [one.canonical for one in all_subscribers(connection)]


# The round trip


def test_another_database_says_the_same(old: Workspace, new: Workspace) -> None:
    """Every field, status, line of the ledger, suppression, seal and id."""
    text = exported(old)

    result = bring(new, text)

    assert (result.counts["added"], result.read) == (5, 5)
    assert said(exported(new)) == said(text)


def test_the_other_database_exports_the_same_bytes(old: Workspace, new: Workspace) -> None:
    first = exported(old).splitlines()

    bring(new, "\n".join(first))

    second = exported(new).splitlines()
    assert [one for one in range(len(first)) if first[one] != second[one]] == [1]
    assert first[1].startswith('"exported_at"')


def test_links_that_were_voided_stay_void_and_pauses_end(old: Workspace, new: Workspace) -> None:
    """T4"""
    with reading(old.engine) as connection:
        sian = subscriber(connection, "siân@example.org")
    links = [
        old.tokens.token(Purpose.PREFERENCES, handle=sian.handle, epoch=one) for one in range(3)
    ]

    bring(new, exported(old))

    opened = [Preferring(new).reader(link) for link in links]
    assert [type(one) for one in opened] == [Voided, Voided, Reader]
    with reading(new.engine) as connection:
        (subscription,) = profile(connection, sian.address, new.seals).subscriptions
    assert (subscription.status, subscription.resumes_at) == (
        SubscriptionStatus.PAUSED,
        old.now() + timedelta(days=90),
    )


def test_links_are_voided_also_of_whoever_is_here_from_before(old: Workspace) -> None:
    """T4: an older copy of the database catches up; a newer one does not go back."""
    text = exported(old)
    with writing(old.engine) as connection:
        sian = subscriber(connection, "siân@example.org")
        void_links(connection, sian.id, 1)
        ann = subscriber(connection, "ann@example.org")
        void_links(connection, ann.id, 3)

    bring(old, text)

    with reading(old.engine) as connection:
        now = [subscriber(connection, one.address).epoch for one in (sian, ann)]
    assert now == [2, 3]


def test_an_export_from_before_links_could_be_voided_is_read(
    old: Workspace, new: Workspace
) -> None:
    data = json.loads(exported(old))
    for one in data["subscribers"]:
        del one["epoch"]
        for subscription in one["subscriptions"]:
            del subscription["resumes_at"]

    result = bring(new, json.dumps(data))

    assert result.counts["added"] == 5
    people = said(exported(new))["subscribers"]
    assert {one["epoch"] for one in people} == {0}


@pytest.mark.parametrize("epoch", [-1, 2**40, True, "1", 0.5, None])
def test_a_number_of_voidings_that_no_database_has_costs_its_record(
    old: Workspace, new: Workspace, epoch: object
) -> None:
    data = json.loads(exported(old))
    data["subscribers"][0]["epoch"] = epoch

    result = bring(new, json.dumps(data))

    assert (result.counts["added"], result.counts["rejected"]) == (4, 1)


def test_a_pause_ends_when_it_would_have_though_a_list_that_broke_it_off_was_taken_back(
    old: Workspace, tmp_path: Path
) -> None:
    gone = mailchimp_export("unsubscribed", [{"Email Address": "siân@example.org"}])
    (tmp_path / "gone.csv").write_text(gone, encoding="utf-8")
    left = import_subscribers(old, ImportOrder(tmp_path / "gone.csv", TOPIC, Basis.CONSENT, "mair"))
    assert left.import_id is not None

    undo_import(old, left.import_id, actor="mair")

    with reading(old.engine) as connection:
        (subscription,) = profile(connection, "siân@example.org", old.seals).subscriptions
    assert (subscription.status, subscription.resumes_at) == (
        SubscriptionStatus.PAUSED,
        old.now() + timedelta(days=90),
    )


def test_an_export_holds_what_links_and_erasures_need(old: Workspace) -> None:
    found = said(exported(old))

    assert found["keys"] == {"0": old.key_ring.fingerprint(0)}
    assert [one["slug"] for one in found["topics"]] == ["alerts", TOPIC]
    assert sorted(one["reason"] for one in found["suppressions"]) == [
        *("complaint", "complaint", "erased", "imported"),
    ]
    ann = found["subscribers"][0]
    assert (ann["email"], ann["name"], len(ann["handle"])) == ("Ann@Example.org", "Ann, Dr", 16)
    assert ann["consents"] == [
        {
            "topic": TOPIC,
            "status": "active",
            "basis": "consent",
            "source": "the fair",
            "wording": 0,
            "actor": "mair",
            "ip": "192.0.2.7",
            "at": "2024-05-01T10:00:00+00:00",
        }
    ]
    assert "erased@" not in exported(old)


def test_people_are_found_by_the_handles_of_links_in_old_mail(
    old: Workspace, new: Workspace
) -> None:
    with reading(old.engine) as connection:
        people = {one.handle: one.canonical for one in all_subscribers(connection)}

    bring(new, exported(old))

    with reading(new.engine) as connection:
        found = {handle: by_handle(connection, handle) for handle in people}
    assert {handle: one and one.canonical for handle, one in found.items()} == people


def test_links_in_old_mail_open_what_they_opened(old: Workspace, new: Workspace) -> None:
    """T7: leaving never fails, whatever house the list has moved to."""
    with reading(old.engine) as connection:
        ann = subscriber(connection, "ann@example.org")
        public_id = topic(connection, TOPIC).public_id
    leaving = old.tokens.token(Purpose.UNSUBSCRIBE, handle=ann.handle, topic=public_id)
    preferring = old.tokens.token(Purpose.PREFERENCES, handle=ann.handle)
    before = Preferring(old).reader(preferring)

    bring(new, exported(old))

    assert Preferring(new).reader(preferring) == before
    assert isinstance(Leaving(new).leave(leaving, one_click=True), Leaver)
    with reading(new.engine) as connection:
        (subscription,) = profile(connection, "ann@example.org", new.seals).subscriptions
    assert subscription.status == "unsubscribed"


def test_a_topic_that_nobody_had_takes_the_id_over(old: Workspace, new: Workspace) -> None:
    ids = {one["slug"]: one["public_id"] for one in said(exported(old))["topics"]}
    before = {one["slug"]: one["public_id"] for one in said(exported(new))["topics"]}

    bring(new, exported(old))

    after = {one["slug"]: one["public_id"] for one in said(exported(new))["topics"]}
    assert before[TOPIC] != ids[TOPIC]
    assert after == ids


def test_a_topic_that_people_had_keeps_its_id_and_nothing_comes_in(
    old: Workspace, new: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    import_subscribers(new, ImportOrder(tmp_path / "list.csv", TOPIC, Basis.CONSENT, "mair"))
    before = rows(new)

    with pytest.raises(BadInput, match=f"topic {TOPIC} is another one here"):
        bring(new, exported(old))

    assert rows(new) == before


def test_without_the_keys_nothing_comes_in(old: Workspace, tmp_path: Path) -> None:
    with a_workspace(tmp_path / "other") as other:
        before = rows(other)

        with pytest.raises(BadInput, match="lacks key 0") as told:
            bring(other, exported(old))

        assert told.value.exit_code == 2
        assert rows(other) == before


def test_the_same_export_again_changes_nothing(old: Workspace, new: Workspace) -> None:
    text = exported(old)
    bring(new, text)
    there, numbers = said(exported(new)), rows(new)

    again = bring(new, text)

    assert said(exported(new)) == there
    assert again.counts["unchanged"] + again.counts["skipped"] == again.read == 5
    assert rows(new) == {
        **numbers,
        "imports": numbers["imports"] + 1,
        "audit": numbers["audit"] + 1,
    }


def test_whoever_was_erased_stays_out_though_an_older_export_has_them(old: Workspace) -> None:
    """L4"""
    before = exported(old)
    erase(old, "dai@example.org", actor="mair")

    result = bring(old, before)

    assert result.counts["skipped"] >= 1
    assert "dai@example.org" not in names(old)


def test_whoever_was_erased_is_not_even_written_down_though_an_export_has_them_suppressed(
    old: Workspace,
) -> None:
    """L4: nor is the seal hidden by a suppression of the address in clear."""
    dai = "dai@example.org"
    with writing(old.engine) as connection:
        new = NewSuppression(Target(dai), SuppressionReason.MANUAL, "a letter")
        suppress(connection, new, old.seals, actor="mair", at=old.now())
    before = exported(old)
    erase(old, dai, actor="mair")

    bring(old, before)

    assert dai not in names(old)
    assert dai not in exported(old)


def test_who_had_left_there_by_their_own_word_stays_away_when_the_list_is_taken_back(
    old: Workspace, new: Workspace
) -> None:
    """B6"""
    with writing(old.engine) as connection:
        ann = subscriber(connection, "ann@example.org")
        source = ConsentSource.ONE_CLICK
        leave_all(connection, ann.id, source=source, actor="reader", at=old.now())
    brought = bring(new, exported(old))
    assert brought.import_id is not None

    undo_import(new, brought.import_id, actor="mair")

    with reading(new.engine) as connection:
        (subscription,) = profile(connection, "ann@example.org", new.seals).subscriptions
    assert subscription.status == "unsubscribed"


def test_an_export_written_in_another_way_says_the_same(old: Workspace, new: Workspace) -> None:
    text = exported(old)

    bring(new, json.dumps(json.loads(text), indent=2))

    assert said(exported(new)) == said(text)


def test_a_rehearsal_changes_nothing(old: Workspace, new: Workspace) -> None:
    before = rows(new)

    result = bring(new, exported(old), dry_run=True)

    assert (result.import_id, result.counts["added"]) == (None, 5)
    assert rows(new) == before


def test_what_was_decided_here_stands(old: Workspace) -> None:
    text = exported(old)
    with writing(old.engine) as connection:
        ann = subscriber(connection, "ann@example.org")
        leave_all(connection, ann.id, source="unsubscribe page", actor="reader", at=old.now())

    bring(old, text)

    with reading(old.engine) as connection:
        (subscription,) = profile(connection, "ann@example.org", old.seals).subscriptions
    assert subscription.status == "unsubscribed"


def test_an_export_can_be_taken_back_brought_in_again_and_taken_back(
    old: Workspace, new: Workspace
) -> None:
    text = exported(old)
    first = bring(new, text)
    assert first.import_id is not None
    undo_import(new, first.import_id, actor="mair")

    again = bring(new, text)

    with reading(new.engine) as connection:
        ann = profile_json(profile(connection, "ann@example.org", new.seals))
    assert ann["subscriptions"][0]["status"] == "active"
    assert [one["status"] for one in ann["consents"]] == ["active", None, "active"]
    assert again.import_id is not None
    undo_import(new, again.import_id, actor="mair")
    assert "ann@example.org" not in names(new)


# Files that are none


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_an_export_that_ends_in_the_middle_is_refused_whole(
    old: Workspace, new: Workspace, part: float
) -> None:
    text = exported(old)
    before = rows(new)

    with pytest.raises(BadInput, match=r"is no JSON, or ends in the middle"):
        bring(new, text[: int(len(text) * part)])

    assert rows(new) == before


RUBBISH: tuple[Any, ...] = (
    *(None, True, -1, 10**30, 1.5, 1e300, "", "\0", "\ud800", "x" * 70_000, "2026-10-05"),
    *("9999-12-31T23:59:59-14:00", [], ["x"], [[]], {}, {"": None}, "@", "erased:0:0"),
)


def broken(text: str, seed: int) -> str:
    """The export with one value in it made another."""
    chosen = random.Random(seed)
    data = json.loads(text)
    place: Any = data
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = chosen.choice(keys)
        below = place[key]
        if not isinstance(below, dict | list) or not below or chosen.random() < 0.2:
            break
        place = below
    if chosen.random() < 0.2:
        del place[key]
    else:
        place[key] = copy.deepcopy(chosen.choice(RUBBISH))
    return json.dumps(data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whatever_is_wrong_in_it_is_told_in_plain_words(
    old: Workspace, new: Workspace, seed: int
) -> None:
    text = exported(old)

    try:
        result = bring(new, broken(text, seed))
    except BadInput:
        return

    assert sum(result.counts.values()) == result.read <= 5
    undo_import(new, result.import_id or 0, actor="mair")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from([b"{", b"[", b'{"format": "newsletter-audience",']))
def test_any_bytes_are_refused_in_plain_words(
    new: Workspace, data: bytes, beginning: bytes
) -> None:
    with pytest.raises(NewsletterError) as told:
        bring(new, beginning + data)

    assert told.value.exit_code == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ('"subscribers"', '"people"'),
        ('"tags":["One","Two"]', '"tags":' + "[" * 5000 + "]" * 5000),
        ('"version": 1', '"version": 2'),
        ("complaint", "annoyance"),
        ("dai@example.org", "Dai <dai@example.org>"),
    ],
)
def test_what_no_export_says_is_refused_whole(
    old: Workspace, new: Workspace, wrong: tuple[str, str]
) -> None:
    before = rows(new)

    with pytest.raises(BadInput):
        bring(new, exported(old).replace(*wrong))

    assert rows(new) == before


def test_two_people_of_one_handle_are_told_apart(old: Workspace, new: Workspace) -> None:
    data = json.loads(exported(old))
    data["subscribers"][1]["handle"] = data["subscribers"][0]["handle"]

    bring(new, json.dumps(data))

    handles = {one["email"]: one["handle"] for one in said(exported(new))["subscribers"]}
    assert len(set(handles.values())) == 5
    with reading(new.engine) as connection:
        found = [by_handle(connection, int(handle, 16)) for handle in handles.values()]
    assert [one.address for one in found if one] == list(handles)


def test_a_record_that_cannot_be_used_costs_itself_and_no_other(
    old: Workspace, new: Workspace
) -> None:
    data = json.loads(exported(old))
    data["subscribers"][0]["name"] = "Ann\nBcc: all@example.org"
    data["subscribers"][1]["email"] = "nobody"
    data["subscribers"].append(data["subscribers"][2])

    result = bring(new, json.dumps(data))

    assert dict(result.counts) == {
        "added": 3,
        "updated": 0,
        "unchanged": 0,
        "skipped": 1,
        "rejected": 2,
    }
    with reading(new.engine) as connection:
        record = connection.execute(select(imports)).one()
        lines = connection.execute(select(func.count()).select_from(consents)).scalar_one()
    assert (record.added, record.rejected, lines > 0) == (3, 2, True)
    assert result.reject_file is not None
    with result.reject_file.open(encoding="utf-8", newline="") as stream:
        _, *rejected = csv.reader(stream)
    assert sorted(row[0] for row in rejected) == ["1", "2"]
    assert all(json.loads(row[2])["handle"] for row in rejected)
