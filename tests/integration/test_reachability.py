"""Whether readers will reach what the mails point to, over real TLS and the real pages."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from newsletter.app import people, reachability
from newsletter.app.reachability import check_reachable
from newsletter.app.workspace import Workspace, keys_file
from newsletter.cli.public_site import public_site
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.storage.engine import reading
from newsletter.tokens.key_ring import create_key_ring
from tests.published_site import Application, PublishedSite, spoilt
from tests.workspaces import SHORT, a_workspace, ready_to_send


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PublishedSite]:
    published = PublishedSite(tmp_path)
    yield published
    published.close()


@pytest.fixture
def workspace(site: PublishedSite, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose pages are at that address, with an approved edition."""
    folder = tmp_path / "workspace"
    move_site(folder, site.base_url)
    with a_workspace(folder) as workspace:
        ready_to_send(workspace)
        yield workspace


def move_site(folder: Path, base_url: str) -> None:
    with a_workspace(folder) as before:
        was = before.settings.site.base_url
    file = folder / "newsletter.toml"
    file.write_text(file.read_text("utf-8").replace(was, base_url), "utf-8")


def pages(workspace: Workspace) -> Application:
    return public_site(workspace, listening_on="127.0.0.1")


def the_edition(workspace: Workspace) -> StoredEdition:
    with reading(workspace.engine) as connection:
        return store.edition(connection, SHORT)


def check(workspace: Workspace, site: PublishedSite) -> None:
    check_reachable(workspace, the_edition(workspace), tls=site.trust)


def fault(workspace: Workspace, site: PublishedSite) -> SurroundingsFailed:
    with pytest.raises(SurroundingsFailed) as caught:
        check(workspace, site)
    return caught.value


def test_one_picture_and_one_page_for_unsubscribing_are_looked_at(
    workspace: Workspace, site: PublishedSite
) -> None:
    with site.answering(pages(workspace)):
        check(workspace, site)

    picture, page = site.asked
    assert picture.startswith("GET /media/")
    assert page.startswith("GET /u/")


def test_a_page_of_other_keys_is_found_out(
    workspace: Workspace, site: PublishedSite, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(workspace.settings.folder, other)
    with a_workspace(other) as serving:
        shutil.rmtree(keys_file(serving.settings).parent)
        create_key_ring(keys_file(serving.settings))
        with site.answering(pages(serving)):
            told = fault(workspace, site)

    assert told.what == "the page for unsubscribing answers with the status 404"
    assert "the keys and the database of this workspace" in str(told.cure)


def test_a_page_of_another_database_is_found_out(
    workspace: Workspace, site: PublishedSite, tmp_path: Path
) -> None:
    with a_workspace(tmp_path / "other") as serving:
        shutil.copytree(workspace.media_folder, serving.media_folder)
        with site.answering(pages(serving)):
            told = fault(workspace, site)

    assert told.what == "the page for unsubscribing answers with the status 404"


async def never(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.Event().wait()


async def fail(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body"})


PICTURE, PAGE = "a picture of the edition", "the page for unsubscribing"


@pytest.mark.parametrize(
    ("below", "spoiler", "what"),
    [
        ("/media/", Response(status_code=404), f"{PICTURE} answers with the status 404"),
        ("/media/", PlainTextResponse("a page"), f"{PICTURE} is no picture, but text/plain"),
        ("/media/", Response(b""), f"{PICTURE} is no picture, but nothing"),
        ("/u/", RedirectResponse("/"), f"{PAGE} answers with a redirect (307)"),
        ("/u/", Response(status_code=204), f"{PAGE} answers with the status 204"),
        ("/u/", fail, f"{PAGE} answers with the status 500"),
    ],
)
def test_an_answer_that_no_reader_can_use_is_named_with_its_place(
    below: str, spoiler: Application, what: str, workspace: Workspace, site: PublishedSite
) -> None:
    with site.answering(spoilt(pages(workspace), below, spoiler)):
        told = fault(workspace, site)

    assert told.exit_code == 3
    assert told.what.startswith(what)
    assert str(told.where).startswith(site.base_url + below)
    assert "--skip-reachability" in str(told.cure)


def test_a_site_that_hangs_is_given_up(
    workspace: Workspace, site: PublishedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachability, "_PATIENCE", 0.2)

    with site.answering(never):
        told = fault(workspace, site)

    assert told.what == f"{PICTURE} does not answer within 10 seconds"


def test_where_nothing_listens_it_is_said(workspace: Workspace, site: PublishedSite) -> None:
    site.close()

    assert fault(workspace, site).what.startswith(f"{PICTURE} cannot be reached")


def test_a_certificate_of_nobody_known_is_said(workspace: Workspace, site: PublishedSite) -> None:
    with site.answering(pages(workspace)), pytest.raises(SurroundingsFailed) as caught:
        check_reachable(workspace, the_edition(workspace))

    assert "has a certificate that this machine does not trust" in caught.value.what


def test_a_certificate_of_another_name_is_said(tmp_path: Path) -> None:
    site = PublishedSite(tmp_path, name="other.example.org")
    move_site(tmp_path / "workspace", site.base_url)
    with a_workspace(tmp_path / "workspace") as workspace:
        ready_to_send(workspace)
        with site.answering(pages(workspace)):
            told = fault(workspace, site)
    site.close()

    assert told.what.endswith("has a certificate that is out of date or of another name")


def test_no_readers_token_stands_in_an_error_or_a_log(
    workspace: Workspace, site: PublishedSite, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        site.answering(spoilt(pages(workspace), "/u/", Response(status_code=404))),
    ):
        told = fault(workspace, site)

    token = site.asked[-1].rpartition("/")[2]
    assert len(token) == 47
    assert told.where == f"{site.base_url}/u/…"
    assert token not in str(told) + caplog.text


def test_where_the_site_moved_after_the_approval_both_places_are_looked_at(
    workspace: Workspace, site: PublishedSite, tmp_path: Path
) -> None:
    """Its mails lead to where the site was."""
    with site.answering(pages(workspace)):
        move_site(workspace.settings.folder, "https://127.0.0.1:9")
        with a_workspace(workspace.settings.folder) as moved:
            told = fault(moved, site)

    assert [line.split("/")[1] for line in site.asked] == ["media", "u"]
    assert told.where == "https://127.0.0.1:9/u/…"


def test_without_a_reader_only_the_picture_is_looked_at(
    workspace: Workspace, site: PublishedSite
) -> None:
    for person in people.everyone(workspace):
        people.unsubscribe(workspace, person.address, None, actor="test")

    with site.answering(pages(workspace)):
        check(workspace, site)

    assert [line.split("/")[1] for line in site.asked] == ["media"]


def test_nothing_is_asked_of_an_example(tmp_path: Path) -> None:
    """The demo's address, to which nobody is."""
    with a_workspace(tmp_path / "workspace") as workspace:
        ready_to_send(workspace)

        check_reachable(workspace, the_edition(workspace))
