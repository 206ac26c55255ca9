"""The public archive of a workspace: an edition that was sent, read by anybody, and as files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from lxml import html
from sqlalchemy import update
from starlette.testclient import TestClient

from newsletter.app import approving, going_on
from newsletter.app.editing import import_edition
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.cli.public_site import public_site
from newsletter.storage.engine import writing
from newsletter.storage.schema import topics
from tests.terminal import Terminal
from tests.workspaces import SHORT, TOPIC, a_workspace, edition_file, ready_to_send

BASE = "https://news.example.org"
EDITION = f"/cy/archive/{TOPIC}/{SHORT}"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose edition went to the outbox."""
    with a_workspace(tmp_path / "workspace") as workspace:
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)
        yield workspace


@pytest.fixture
def site(workspace: Workspace) -> TestClient:
    return TestClient(
        public_site(workspace, listening_on="0.0.0.0"), base_url=BASE, follow_redirects=False
    )


def make_private(workspace: Workspace) -> None:
    with writing(workspace.engine) as connection:
        connection.execute(update(topics).values(private=True))


def hrefs(text: str) -> set[str]:
    return set(map(str, html.document_fromstring(text).xpath("//a/@href")))


def test_an_edition_can_be_read_by_anybody_in_each_of_its_languages(site: TestClient) -> None:
    shelf = site.get(f"/cy/archive/{TOPIC}")
    page = site.get(EDITION)
    twin = site.get(EDITION.replace("/cy/", "/en/"))

    assert EDITION in hrefs(shelf.text)
    assert "Bwletin Tachwedd" in shelf.text
    assert "Annwyl gyfaill" in page.text
    assert "Dear friend" in twin.text
    assert len(html.document_fromstring(page.text).xpath("//h1")) == 1
    assert EDITION.replace("/cy/", "/en/") in hrefs(page.text)


def test_nothing_personal_is_in_it_and_what_is_a_subscribers_begins_at_their_mailbox(
    site: TestClient,
) -> None:
    page, text = site.get(EDITION).text, site.get(f"{EDITION}.txt").text

    for shown in (page, text):
        assert "danysgrifiwr" in shown
        assert f"{BASE}/cy/my-link" in shown
        for word in ("/unsubscribe/", "/preferences/", "/view/", "@example.org"):
            assert word not in shown
    assert f"{BASE}{EDITION}" in hrefs(page)


def test_it_is_public_from_the_start_and_no_more_when_it_is_undone(
    site: TestClient, workspace: Workspace
) -> None:
    import_edition(workspace, edition_file(workspace, "2026-10"), actor="test")
    approving.approve(workspace, "2026-10", actor="test")
    approved = site.get(f"/en/archive/{TOPIC}/2026-10")

    before = site.get(EDITION)
    going_on.reset(workspace, SHORT, actor="test")
    after = site.get(EDITION)

    assert (approved.status_code, before.status_code, after.status_code) == (404, 200, 404)
    assert approved.content == site.get("/en/nothing").content
    assert after.content == site.get("/cy/nothing").content


def test_a_topic_that_becomes_private_is_as_good_as_none(
    site: TestClient, workspace: Workspace
) -> None:
    """T15."""
    addresses = [EDITION, f"{EDITION}.txt"]
    addresses += [f"/cy/archive/{TOPIC}{end}" for end in ("", ".atom", ".json")]
    assert {site.get(one).status_code for one in addresses} == {200}

    make_private(workspace)

    nothing = site.get("/cy/nothing").content
    assert all(site.get(one).content == nothing for one in addresses)
    assert TOPIC not in site.get("/cy/archive").text


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Writes no log."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which a plain web server shows the folder."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def crawl(start: str) -> dict[str, str]:
    """Everything that is reached from `start` on its server, with its type; what a page loads by
    itself must be there, too."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        with urlopen(address) as answer:
            found[address] = answer.headers["Content-Type"]
            content = answer.read()
        if found[address].startswith("text/html"):
            waiting += _followed(address, content.decode(), start)
    return found


def _followed(address: str, text: str, start: str) -> Iterator[str]:
    document = html.document_fromstring(text)
    loaded = document.xpath("//img/@src | //link[@rel='stylesheet']/@href")
    followed = document.xpath("//a/@href | //link[@type]/@href")
    assert all(urljoin(address, one).startswith(start) for one in loaded)
    for one in (*loaded, *followed):
        whole = urljoin(address, one).partition("#")[0]
        if urlsplit(whole).scheme == "http":
            assert whole.startswith(start)
            yield whole


def test_the_archive_as_files_works_from_a_web_server_and_a_disk_without_the_program(
    newsletter: Terminal, workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "public"
    config = ("--config", workspace.settings.path("newsletter.toml"))

    answer = newsletter("archive", "export", folder, "--json", *config)

    assert answer.code == 0
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert answer.json == {
        "folder": str(folder),
        "dry_run": False,
        "files": len(files) - 1,
        "written": len(files) - 1,
        "removed": 0,
    }
    with serving(folder) as address:
        reached = crawl(address)
    served = {urlsplit(one).path.removeprefix("/") or "index.html" for one in reached}
    homes = {"en/index.html", "cy/index.html"}  # whoever types the address of a language
    marker = {"newsletter-archive.json"}
    names = {one.relative_to(folder).as_posix() for one in files}
    assert served | homes | marker == names
    assert any(one.startswith("media/") for one in served)
    # From a disk a link to a folder would show its files, and one to the root the whole disk.
    for file in folder.rglob("*.html"):
        for link in hrefs(file.read_text(encoding="utf-8")):
            if not urlsplit(link).scheme and not link.startswith("#"):
                assert (file.parent / link.partition("#")[0]).is_file(), (file, link)


def test_an_export_again_writes_what_is_new_and_takes_away_what_is_gone(
    newsletter: Terminal, workspace: Workspace, tmp_path: Path
) -> None:
    folder, config = tmp_path / "public", workspace.settings.path("newsletter.toml")
    export = ("archive", "export", folder, "--config", config)
    first = newsletter(*export)
    second = newsletter(*export)
    make_private(workspace)

    rehearsed = newsletter(*export, "--dry-run")
    still_there = (folder / EDITION.strip("/") / "index.html").is_file()
    third = newsletter(*export)

    assert (first.code, second.code, rehearsed.code, third.code) == (0, 0, 0, 0)
    assert ", 0 of them written, 0 others removed" in second.out
    assert "would be removed" in rehearsed.out
    assert still_there
    assert not (folder / EDITION.strip("/")).exists()
    marker = json.loads((folder / "newsletter-archive.json").read_text())
    assert marker["complete"] is True
    assert not any(TOPIC in name for name in marker["files"])


def test_a_folder_of_something_else_is_refused_before_anything_is_read(
    newsletter: Terminal, workspace: Workspace, tmp_path: Path
) -> None:
    answer = newsletter(
        "archive", "export", tmp_path, "--config", workspace.settings.path("newsletter.toml")
    )

    assert answer.code == 2
    assert "holds something else than an archive" in answer.err
    assert "new or empty" in answer.err


def test_without_a_workspace_there_is_nothing_to_export(
    newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = newsletter("archive", "export", tmp_path / "public")

    assert answer.code == 2
    assert not (tmp_path / "public").exists()
