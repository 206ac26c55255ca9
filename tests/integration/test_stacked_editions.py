"""A stacked edition: everyone gets all languages in one mail, and in the browser as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.app.editing import import_edition
from newsletter.app.readers.editions_online import EditionsOnline
from newsletter.app.sending import Sender
from newsletter.app.trial import send_trial
from newsletter.app.workspace import Workspace
from newsletter.domain.compiled import STACKED
from tests.independent_decoder import Part, decode_words, read_multipart, read_part
from tests.sample_messages import body
from tests.smtp_server import RecordingServer
from tests.workspaces import PEOPLE, SHORT, a_workspace, edition_file, ready_to_send


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace", relay=server.url) as workspace:
        file = edition_file(workspace)
        text = file.read_text(encoding="utf-8")
        assert "form: separate" in text
        file.write_text(text.replace("form: separate", "form: stacked"), encoding="utf-8")
        yield workspace


def test_everyone_gets_all_languages_in_one_mail(
    workspace: Workspace, server: RecordingServer
) -> None:
    """M23; design, section 3: subjects joined, the pages in the first language."""
    ready_to_send(workspace)

    Sender(workspace, "test").run(SHORT)

    messages = [read_part(one.content) for one in server.messages]
    assert len(messages) == PEOPLE
    for message in messages:
        parts = read_multipart(message)
        assert " / " in decode_words(message.one("Subject"))
        assert {one.one("Content-Language") for one in (message, *parts)} == {"en, cy"}
        assert all("/en/unsubscribe/" in body(part) for part in parts)


def test_the_view_shows_all_languages_in_whichever_it_is_asked_for(
    workspace: Workspace, server: RecordingServer
) -> None:
    ready_to_send(workspace)
    Sender(workspace, "test").run(SHORT)
    token = _view_token(read_part(server.messages[0].content))
    desk = EditionsOnline(workspace)

    pages = [desk.page(token, language) for language in ("en", "cy")]

    for page in pages:
        assert page is not None
        assert page.languages == ("en", "cy")
        assert 'lang="en"' in page.content
        assert 'lang="cy"' in page.content
        assert f"/en/archive/monthly-bulletin/{SHORT}" in page.content
        assert "This email was sent to a subscriber" in page.content
        assert "Anfonwyd yr e-bost hwn at danysgrifiwr" in page.content


@pytest.mark.parametrize("language", [None, "cy", STACKED])
def test_a_trial_in_any_of_its_languages_is_the_one_mail(
    workspace: Workspace, server: RecordingServer, language: str | None
) -> None:
    import_edition(workspace, edition_file(workspace), actor="test")

    trial = send_trial(workspace, SHORT, to="me@example.org", language=language)

    assert trial.languages == (STACKED,)
    assert len(server.messages) == 1
    assert decode_words(read_part(server.messages[0].content).one("Subject")).startswith("[Test] ")


def _view_token(message: Part) -> str:
    found = re.search(r"/en/view/([\w-]{47})", body(read_multipart(message)[0]))
    assert found is not None
    return found[1]
