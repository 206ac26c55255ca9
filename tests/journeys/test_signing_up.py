"""People who sign up, through the real public pages of a real workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx2 import Response
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from newsletter.app.erasing import erase
from newsletter.app.topic_list import add_topic
from newsletter.app.workspace import Workspace
from newsletter.cli.public_site import public_site
from newsletter.domain.people import READER
from newsletter.storage.engine import reading
from newsletter.storage.schema import metadata, requests
from tests.terminal import Terminal
from tests.workspaces import TOPIC, Clock, a_workspace, import_people

BASE = "https://news.example.org"
LOCAL_PROXY = "127.0.0.1"
SIGN_UP = "/en/subscribe"


class Visitor:
    """A person at a browser without scripts or cookies, who takes ten seconds for every form."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self.workspace = workspace
        self.clock = clock
        self.woken: list[str] = []
        site = public_site(workspace, listening_on="0.0.0.0", wake=lambda: self.woken.append("up"))
        self.browser = TestClient(
            site, base_url=BASE, follow_redirects=False, client=(LOCAL_PROXY, 4711)
        )

    def open(self, address: str) -> html.FormElement:
        """The form at that address."""
        answer = self.browser.get(address)
        assert answer.status_code == 200
        return form_in(answer.text)

    def send(
        self, form: html.FormElement, *, seconds: float = 10, ip: str = "203.0.113.9", **filled: Any
    ) -> Response:
        """Fills in the form and presses its button."""
        self.clock.move(seconds=seconds)
        for field, value in filled.items():
            box = form.inputs[field]
            box.value = {value} if isinstance(box, html.CheckboxGroup) else value
        place = urlsplit(form.action).path
        self.browser.cookies.clear()
        return self.browser.post(
            place, data=_by_field(form), headers={"X-Forwarded-For": f"198.51.100.1, {ip}"}
        )

    @property
    def rows(self) -> list[Any]:
        """All requests."""
        with reading(self.workspace.engine) as connection:
            return list(connection.execute(select(requests).order_by(requests.c.id)))


def form_in(text: str) -> html.FormElement:
    """The only form of a page."""
    (form,) = html.document_fromstring(text).forms
    return form


def _by_field(form: html.FormElement) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for field, value in form.form_values():
        values.setdefault(field, []).append(value)
    return values


@contextmanager
def _visiting(folder: Path) -> Iterator[Visitor]:
    clock = Clock()
    with a_workspace(folder, clock=clock) as workspace:
        yield Visitor(workspace, clock)


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with _visiting(tmp_path / "workspace") as visitor:
        names = {"en": "Events", "cy": "Digwyddiadau"}
        add_topic(visitor.workspace, "events", names=names, private=False, actor="mair")
        names = {"en": "For staff", "cy": "I staff"}
        add_topic(visitor.workspace, "staff-only", names=names, private=True, actor="mair")
        yield visitor


def _all_rows(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    with reading(workspace.engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def test_somebody_signs_up_in_their_own_language(visitor: Visitor) -> None:
    form = visitor.open("/cy/tanysgrifio?topic=events")

    answer = visitor.send(form, address="siân@example.org", language="en")
    after = visitor.browser.get(answer.headers["location"])

    (row,) = visitor.rows
    assert answer.status_code == 303
    assert html.document_fromstring(after.text).xpath("string(//h1)") == "Edrychwch yn eich e-bost"
    assert (row.kind, row.canonical, row.language) == ("sign-up", "siân@example.org", "cy")
    assert row.details == {"topics": ["events"], "language": "en"}
    assert row.ip == "203.0.113.9"
    assert visitor.woken == ["up"]


def test_looking_at_the_forms_changes_nothing(visitor: Visitor) -> None:
    """T5."""
    before = _all_rows(visitor.workspace)

    for address in (SIGN_UP, "/en/my-link", f"{SIGN_UP}/check-email", "/cy/fy-nolen/check-email"):
        for method in ("GET", "HEAD", "OPTIONS"):
            visitor.browser.request(method, address, params={"address": "sian@example.org"})

    assert _all_rows(visitor.workspace) == before
    assert not (visitor.workspace.settings.data_folder / "limits.db").exists()


def test_everybody_is_answered_alike(visitor: Visitor) -> None:
    """T13: on the list, erased, unknown, of a domain that is not there, or asked before."""
    import_people(visitor.workspace)
    erase(visitor.workspace, "angharad@example.org", actor=READER)
    addresses = ("gwen@example.org", "angharad@example.org", "new@example.org")
    addresses += ("new@example.org", "sian@no-such-domain-anywhere.org")

    answers = [
        visitor.send(visitor.open(address), address=who, **chosen)
        for address, chosen in ((SIGN_UP, {"topic": TOPIC}), ("/en/my-link", {}))
        for who in addresses
    ]

    seen = [(one.status_code, one.text, sorted(one.headers.items())) for one in answers]
    assert seen[0][0] == 303
    assert seen[:5] == [seen[0]] * 5
    assert seen[5:] == [seen[5]] * 5
    assert len(visitor.rows) == 10


def test_a_double_click_and_a_reload_count_once(visitor: Visitor) -> None:
    form = visitor.open(SIGN_UP)

    answers = [visitor.send(form, address="sian@example.org", topic="events") for _ in range(3)]

    assert {(one.status_code, one.headers["location"]) for one in answers} == {
        (303, f"{SIGN_UP}/check-email")
    }
    assert len(visitor.rows) == 1


def test_who_is_too_fast_presses_the_button_once_more(visitor: Visitor) -> None:
    """A browser that fills in the form by itself is fast, too."""
    form = visitor.open(SIGN_UP)

    first = visitor.send(form, seconds=1, address="sian@example.org", topic="events")
    again = visitor.send(form_in(first.text), seconds=2)

    assert first.status_code == 200
    assert "press the button once more" in first.text
    assert again.status_code == 303
    assert [row.canonical for row in visitor.rows] == ["sian@example.org"]


def test_a_form_that_lay_open_overnight_is_not_lost(visitor: Visitor) -> None:
    form = visitor.open(SIGN_UP)

    first = visitor.send(form, seconds=100_000, address="sian@example.org", topic="events")
    again = visitor.send(form_in(first.text))

    assert (first.status_code, again.status_code) == (200, 303)
    assert visitor.rows[0].details["topics"] == ["events"]


def test_a_program_that_fills_in_every_field_is_none_the_wiser(visitor: Visitor) -> None:
    form = visitor.open(SIGN_UP)

    answer = visitor.send(form, address="sian@example.org", topic="events", website="x")

    assert answer.status_code == 303
    assert visitor.rows == []
    assert visitor.woken == []


def test_mistakes_are_put_right_without_starting_anew(visitor: Visitor) -> None:
    form = visitor.open("/cy/tanysgrifio")

    first = visitor.send(form, address="sian@example")
    kept = form_in(first.text).inputs["address"].value
    second = visitor.send(form_in(first.text), seconds=1, address="sian@example.org", topic=TOPIC)

    assert (first.status_code, kept) == (422, "sian@example")
    assert second.status_code == 303


def test_a_private_topic_is_not_joined_by_its_name(visitor: Visitor) -> None:
    """T15: and nobody learns that it is there."""
    form = _by_field(visitor.open(SIGN_UP))
    visitor.clock.move(seconds=10)

    answers = [
        visitor.browser.post(SIGN_UP, data=form | {"address": "sian@example.org", "topic": topic})
        for topic in ("staff-only", "no-such-topic")
    ]

    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].text == answers[1].text
    assert visitor.rows == []


def test_from_one_place_no_more_sign_up_than_the_settings_allow(visitor: Visitor) -> None:
    def statuses(ip: str, times: int) -> list[int]:
        return [
            visitor.send(
                visitor.open(SIGN_UP), seconds=3, ip=ip, address=who, topic="events"
            ).status_code
            for who in (f"reader{number}@example.org" for number in range(times))
        ]

    here = statuses("2001:db8::1", 22)
    next_door, elsewhere = statuses("2001:db8::2", 1), statuses("2001:db8:0:1::1", 1)

    assert here == [303] * 20 + [429] * 2
    assert (next_door, elsewhere) == ([429], [303])
    assert len(visitor.rows) == 21


def test_who_is_told_to_wait_is_told_in_their_language_for_how_long(visitor: Visitor) -> None:
    nothing_left = [visitor.open("/cy/my-link") for _ in range(21)]

    answers = [visitor.send(form, seconds=3, address="sian@example.org") for form in nothing_left]

    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= 180
    assert 'lang="cy"' in answers[-1].text


def test_a_link_of_ones_own_is_asked_for(visitor: Visitor) -> None:
    answer = visitor.send(visitor.open("/cy/fy-nolen"), address="sian@example.org")

    (row,) = visitor.rows
    assert answer.headers["location"] == "/cy/fy-nolen/check-email"
    assert (row.kind, row.language, row.details) == ("my-link", "cy", {})


def test_the_form_for_another_website_signs_people_up(
    newsletter: Terminal, workspace: Path
) -> None:
    newsletter("topics", "add", "events", "--name", "en=Events", "--name", "cy=Digwyddiadau")
    printed = newsletter("topics", "form", "--language", "cy")
    form = form_in(printed.out)

    with _visiting(workspace) as visitor:
        first = visitor.send(form, address="sian@example.org", topic="events", language="en")
        again = visitor.send(form_in(first.text), seconds=3)
        (row,) = visitor.rows

    assert printed.code == 0
    assert form.action == f"{BASE}/cy/tanysgrifio"
    assert (first.status_code, again.status_code) == (200, 303)
    assert row.details == {"topics": ["events"], "language": "en"}
    assert (row.language, row.canonical) == ("cy", "sian@example.org")


@pytest.mark.usefixtures("workspace")
def test_the_form_for_another_website_is_plain_html_that_can_be_read_aloud(
    newsletter: Terminal,
) -> None:
    newsletter("topics", "add", "events", "--name", "en=Events & more", "--name", "cy=Digwyddiadau")
    both = form_in(newsletter("topics", "form").out)
    one = form_in(newsletter("topics", "form", "events").out)

    for form in (both, one):
        labelled = {form.label.text_content() for form in form.inputs if form.label is not None}
        assert "Email address" in labelled
        assert form.get("lang") == "en"
        assert form.xpath(".//script|.//style|.//@style|.//@onclick") == []
    assert both.xpath("normalize-space(.//label[input/@value='events'])") == "Events & more"
    assert one.xpath(".//input[@name='topic']/@type") == ["hidden"]
    assert one.xpath(".//a/@href") == [f"{BASE}/en/privacy"]


@pytest.mark.usefixtures("workspace")
def test_no_form_is_made_of_what_nobody_can_sign_up_for(newsletter: Terminal) -> None:
    newsletter("topics", "add", "staff-only", "--name", "en=For staff", "--private")

    private = newsletter("topics", "form", "staff-only")
    unknown = newsletter("topics", "form", "no-such-topic")
    spoken = newsletter("topics", "form", "--language", "fr")

    assert [one.code for one in (private, unknown, spoken)] == [2, 2, 2]
    assert "topic staff-only is private" in private.err
    assert "no topic no-such-topic" in unknown.err
    assert "Its languages are: en, cy." in spoken.err
    assert "staff-only" not in newsletter("topics", "form").out
