"""Erasing a person from a whole workspace."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from newsletter.app import people
from newsletter.app.edition_status import status
from newsletter.app.erased_files import Needle
from newsletter.app.erasing import erase
from newsletter.app.requests.answering import answer_requests
from newsletter.app.sending import Sender
from newsletter.app.suppressing import all_suppressions, lift, suppress
from newsletter.app.workspace import Workspace
from newsletter.audience import subscribers, topics
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.person import Person
from newsletter.audience.requests.asking import ask
from newsletter.domain.errors import BadAddress, BadInput, Refused, SurroundingsFailed
from newsletter.domain.people import Basis, SuppressionReason
from newsletter.domain.requests import NewRequest, RequestKind
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, consents
from tests.workspaces import PEOPLE, SHORT, TOPIC, a_workspace, ready_to_send

ADDRESS = "Sioned.Ap-Rhys@example.org"
NAME = "Sioned ap Rhys"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace") as workspace:
        yield workspace


def add(workspace: Workspace, address: str = ADDRESS, name: str = NAME) -> None:
    person = Person(parse_address(address), name, "cy")
    grounds = Grounds(Basis.CONSENT, "form", None, "mair", workspace.now())
    people.add(workspace, person, TOPIC, grounds)


def add_others(workspace: Workspace, number: int) -> None:
    grounds = Grounds(Basis.CONSENT, "form", None, "mair", workspace.now())
    others = [Person(parse_address(f"reader{one}@example.org"), "Else") for one in range(number)]
    with writing(workspace.engine) as connection:
        bulletin = topics.topic(connection, TOPIC)
        seals = workspace.seals
        add_people(connection, others, bulletin, grounds, default_language="en", seals=seals)


def write_rejected(workspace: Workspace, *rows: str) -> Path:
    folder = workspace.settings.data_folder / "imports"
    folder.mkdir(exist_ok=True)
    file = folder / "list.rejected.csv"
    file.write_text("\r\n".join(["row,reason,email,name", *rows, ""]), encoding="utf-8")
    return file


def bytes_on_disk(workspace: Workspace) -> bytes:
    folder = workspace.settings.database_file.parent
    files = [one for one in folder.rglob("*") if one.is_file()]
    return b"".join(one.read_bytes() for one in files).lower()


def test_nothing_readable_of_what_was_asked_for_is_left_on_the_disk(workspace: Workspace) -> None:
    """L4: of somebody who signed up and never confirmed."""
    details = {"topics": [TOPIC]}
    new = NewRequest(RequestKind.SIGN_UP, ADDRESS, "cy", "sign-up page", details=details)
    with writing(workspace.engine) as connection:
        ask(connection, [new], workspace.now())
    answer_requests(workspace)
    before = bytes_on_disk(workspace)

    erase(workspace, ADDRESS, actor="mair")

    assert ADDRESS.lower().encode() in before
    assert ADDRESS.lower().encode() not in bytes_on_disk(workspace)


def test_nothing_readable_of_the_person_is_left_on_the_disk(workspace: Workspace) -> None:
    """L4: neither in the database's file, nor in its log, nor beside it."""
    add_others(workspace, 200)
    add(workspace)
    with writing(workspace.engine) as connection:
        connection.execute(update(consents).values(ip="192.0.2.77", source=f"letter of {NAME}"))
    evidence = f"letter of {NAME}"
    reason = SuppressionReason.REQUEST
    suppress(workspace, ADDRESS, reason=reason, evidence=evidence, actor="mair")
    write_rejected(workspace, f"3,no such language,{ADDRESS},{NAME}", "4,why,x@example.org,X")
    assert ADDRESS.lower().encode() in bytes_on_disk(workspace)

    erasure = erase(workspace, ADDRESS.upper(), actor="mair")

    left = bytes_on_disk(workspace)
    assert erasure.is_scrubbed
    assert ADDRESS.lower().encode() not in left
    assert left.count(NAME.lower().encode()) == 200  # of the others' ledger, which tells of them
    assert b"reader77@example.org" in left


def test_an_erasure_is_audited_and_names_nobody(workspace: Workspace) -> None:
    """X15"""
    add(workspace)

    erase(workspace, ADDRESS, actor="mair")

    with reading(workspace.engine) as connection:
        row = connection.execute(select(audit).where(audit.c.action == "subscribers erase")).one()
    assert (row.actor, row.subject, row.detail) == ("mair", "one person", "0 deliveries")


def test_erasing_again_is_no_fault_and_cleans_what_has_come_back(workspace: Workspace) -> None:
    add(workspace)
    first = erase(workspace, ADDRESS, actor="mair")
    file = write_rejected(workspace, f"3,why,{ADDRESS.lower()},Sioned")

    second = erase(workspace, ADDRESS, actor="mair")

    assert (first.is_new, second.is_new) == (True, False)
    assert second.files == (str(file),)
    assert len(all_suppressions(workspace)) == 1


def test_nobody_known_is_bad_input(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="nothing here knows"):
        erase(workspace, "nobody@example.org", actor="mair")
    with pytest.raises(BadAddress):
        erase(workspace, "nobody", actor="mair")

    assert all_suppressions(workspace) == []


def test_an_address_of_a_suppressed_domain_is_not_somebody_known(workspace: Workspace) -> None:
    reason = SuppressionReason.MANUAL
    suppress(workspace, "@example.org", reason=reason, evidence="", actor="mair")

    with pytest.raises(BadInput, match="nothing here knows"):
        erase(workspace, "nobody@example.org", actor="mair")


def test_somebody_erased_is_known_as_such_where_their_domain_is_suppressed_as_well(
    workspace: Workspace,
) -> None:
    add(workspace)
    reason = SuppressionReason.MANUAL
    suppress(workspace, "@example.org", reason=reason, evidence="", actor="mair")

    erased = [erase(workspace, ADDRESS, actor="mair").is_new for _ in range(2)]

    assert erased == [True, False]


def test_whoever_was_only_suppressed_is_sealed_as_well(workspace: Workspace) -> None:
    reason = SuppressionReason.COMPLAINT
    suppress(workspace, ADDRESS, reason=reason, evidence=ADDRESS, actor="mair")

    assert erase(workspace, ADDRESS, actor="mair").is_new

    (seal,) = all_suppressions(workspace)
    assert ADDRESS.lower() not in f"{seal.target}{seal.evidence}".lower()


def test_an_erased_person_comes_back_only_when_the_seal_is_lifted(workspace: Workspace) -> None:
    """L4, B6"""
    add(workspace)
    erase(workspace, ADDRESS, actor="mair")

    with pytest.raises(Refused, match="was erased"):
        add(workspace)
    lift(workspace, ADDRESS, reason="asked in person", actor="mair")
    add(workspace)

    with reading(workspace.engine) as connection:
        assert subscribers.subscriber(connection, ADDRESS).name == NAME


def test_rows_of_others_stay_in_the_lists_that_could_not_be_used(workspace: Workspace) -> None:
    file = write_rejected(
        workspace,
        f'3,"""{ADDRESS}"" is written twice",,',
        f"4,why,x{ADDRESS},X",
        f"5,why,{ADDRESS}.uk,Y",
        "6,why,'=z@example.org,Z",
    )
    add(workspace)

    erasure = erase(workspace, ADDRESS, actor="mair")

    assert (erasure.rejected_rows, erasure.files) == (1, ())
    with file.open(encoding="utf-8", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)] == ["row", "4", "5", "6"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_list_that_cannot_be_read_any_more_goes_as_a_whole(workspace: Workspace) -> None:
    add(workspace)
    file = write_rejected(workspace, f'3,"never closed,{ADDRESS},', "4,why,z@example.org,Z")

    assert erase(workspace, ADDRESS, actor="mair").files == (str(file),)
    assert not file.exists()


def test_what_was_composed_as_the_person_goes_and_nothing_else(workspace: Workspace) -> None:
    add(workspace)
    folder = workspace.settings.data_folder / "compose" / SHORT
    folder.mkdir(parents=True)
    for name, address in (("theirs", ADDRESS), ("other", "reader@example.org")):
        (folder / f"{name}.html").write_text(f"<p>Sent to {address}.</p>", encoding="utf-8")
        (folder / f"{name}.eml").write_bytes(f"To: <{address}>\r\n\r\nHello".encode())

    erase(workspace, ADDRESS, actor="mair")

    assert sorted(one.name for one in folder.iterdir()) == ["other.eml", "other.html"]


def test_a_file_that_cannot_be_cleaned_is_named_and_the_next_call_goes_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(workspace)
    file = write_rejected(workspace, f"3,why,{ADDRESS},Sioned")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", _fail)
        with pytest.raises(SurroundingsFailed, match="cannot be taken out") as caught:
            erase(workspace, ADDRESS, actor="mair")

    again = erase(workspace, ADDRESS, actor="mair")

    assert caught.value.where == str(file)
    assert (again.is_new, again.files) == (False, (str(file),))


def _fail(_file: Path, **_options: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_messages_in_the_outbox_go_and_the_editions_totals_stay(workspace: Workspace) -> None:
    slug = ready_to_send(workspace)
    add(workspace)
    Sender(workspace, "test").run(slug)
    before = status(workspace, SHORT).as_json()
    outbox = workspace.settings.data_folder / "outbox"
    messages = len(list((outbox / "new").iterdir()))

    erasure = erase(workspace, ADDRESS, actor="mair")

    assert (erasure.deliveries, len(erasure.files)) == (1, 1)
    assert len(list((outbox / "new").iterdir())) == messages - 1 == PEOPLE
    assert status(workspace, SHORT).as_json() == before
    assert before["audience"] == PEOPLE + 1


local_parts = st.text(alphabet="abc.-+_", min_size=1, max_size=6)


@given(st.sets(local_parts, min_size=2), st.data())
def test_an_address_is_found_among_others_and_only_it(parts: set[str], data: st.DataObject) -> None:
    addresses = [f"{part}@example.org" for part in sorted(parts)]
    wanted = data.draw(st.sampled_from(addresses))
    needle = Needle([wanted])

    found = [one for one in addresses if needle.is_in(f"<{one.upper()}>, and others")]

    assert found == [wanted]
