"""The demo: the whole job, with figures from what the capture server received."""

from __future__ import annotations

import dkim
import pytest
from starlette.testclient import TestClient

from newsletter.app.sending import Sender
from newsletter.cli.demo.capture import Captured, CaptureServer
from newsletter.cli.demo.captured_pages import captured_pages
from newsletter.cli.demo.received import take_apart
from newsletter.cli.demo.story import Story
from newsletter.cli.demo.verifier import Verifier
from newsletter.mail.dkim.dns_record import record_of
from newsletter.mail.message import write_template
from tests.dkim_keys import SELECTOR, rsa_key, signatures
from tests.sample_messages import COMPILED, FACTS, HEADERS, VALUES, a_message
from tests.smtp_server import RecordingServer
from tests.terminal import Terminal
from tests.workspaces import a_workspace, ready_to_send

VERIFIER = Verifier(record_of(rsa_key(), selector=SELECTOR, domain="example.org"))


def test_the_demo_holds_and_says_so_in_figures(newsletter: Terminal) -> None:
    answer = newsletter("demo", "--once", "--json")

    steps = {step["name"]: step for step in answer.json["steps"]}
    assert answer.code == 0
    assert all(step["ok"] for step in steps.values())
    assert steps["compose"]["figures"]["findings"] == 0
    assert set(steps["compose"]["figures"]["html_bytes"]) == {"en", "cy"}
    assert steps["import"]["figures"] == {"imported": 12, "read": 12}
    assert len(steps["approve"]["figures"]["digest"]) == 64
    assert steps["send"]["figures"]["accepted"] == 12
    assert steps["send"]["figures"]["languages"] == {"cy": 4, "en": 8}
    assert steps["unsubscribe"]["figures"] == {"status": 200}
    assert steps["sign-up"]["figures"] == {
        "mails": 2,
        "joined_by_opening": 0,
        "joined_by_button": 1,
    }
    assert steps["second"]["figures"] == {"accepted": 12, "skipped": 1}
    assert steps["signature"]["figures"] == {
        "received": 26,
        "verified": 26,
        "changed_and_verified": 0,
    }


def test_each_step_is_one_line_for_a_person(newsletter: Terminal) -> None:
    answer = newsletter("demo", "--once")

    lines = answer.out.splitlines()
    assert len(lines) == 8
    assert all(line.startswith("ok ") for line in lines)
    assert "accepted 12 of 12" in lines[3]
    assert "one reader signed up" in lines[5]
    assert "12 accepted, 1 skipped" in lines[6]
    assert "26 of 26 messages are well signed for news.example.org" in lines[7]


def test_the_demo_says_no_when_a_step_does_not_hold(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Story, "_post_one_click", lambda *_: 200)  # nobody really leaves

    answer = newsletter("demo", "--once")

    assert answer.code == 1
    assert "NO  second edition: 13 accepted, 0 skipped" in answer.out


def test_a_relay_in_the_environment_never_gets_the_demos_mail(
    newsletter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RecordingServer() as somebody_elses:
        monkeypatch.setenv("NEWSLETTER_RELAY_URL", somebody_elses.url)
        monkeypatch.setenv("NEWSLETTER_RELAY__URL", somebody_elses.url)

        answer = newsletter("demo", "--once")

    assert answer.code == 0
    assert somebody_elses.messages == []


def test_the_captured_messages_can_be_looked_at(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        CaptureServer() as capture,
        a_workspace(tmp_path_factory.mktemp("demo") / "workspace", relay=capture.url) as workspace,
    ):
        Sender(workspace, "test").run(ready_to_send(workspace))
        messages = capture.messages
    pages = TestClient(
        captured_pages(
            messages,
            VERIFIER,
            base_url="https://news.example.org",
            site_origin="http://127.0.0.1:9",
        )
    )

    overview, page = pages.get("/"), pages.get("/message/1")
    frame = pages.get("/message/1/html")

    assert overview.text.count("/message/") == 12
    assert take_apart(messages[0]).subject in page.text.replace("&#39;", "'")
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in page.text
    assert "Signature not verified" in page.text
    assert 'width="800"' in page.text
    assert 'width="375"' in page.text
    assert "https://news.example.org" not in frame.text
    assert "http://127.0.0.1:9/media/" in frame.text
    assert "sandbox" in frame.headers["content-security-policy"]
    assert pages.get("/message/13").status_code == 404


def test_a_message_that_cannot_be_left_in_one_click_is_no_good() -> None:
    message = a_message()
    broken = message.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b"")

    assert take_apart(Captured("", "b@example.org", message)).one_click_url.startswith("https://")
    with pytest.raises(ValueError, match="cannot be unsubscribed in one click"):
        take_apart(Captured("", "b@example.org", broken))


def captured(content: bytes) -> Captured:
    return Captured("", "reader@example.org", content)


def test_a_signed_message_is_shown_as_verified() -> None:
    signed = write_template(COMPILED, FACTS).fill(VALUES, HEADERS, signatures=signatures())
    messages = [captured(signed), captured(a_message())]
    pages = TestClient(captured_pages(messages, VERIFIER, base_url="x", site_origin="y"))

    overview = pages.get("/").text

    assert overview.count("<td>verified</td>") == overview.count("<td>not verified</td>") == 1
    assert "Signature verified: example.org." in pages.get("/message/1").text
    assert "Signature not verified." in pages.get("/message/2").text


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (b"Annwyl", b"Annwil"),
        (b"List-Unsubscribe:", b"X-List-Unsubscribe:"),
        (b"\r\nFrom: ", b"\r\nFrom: x@example.net\r\nFrom: "),
        (b" s=news-2026-11;", b" s=other;"),
        (b"DKIM-Signature: v=1", b"DKIM-Signature: v=9"),
    ],
)
def test_the_verifier_finds_what_was_changed(theirs: bytes, ours: bytes) -> None:
    message = write_template(COMPILED, FACTS).fill(VALUES, HEADERS, signatures=signatures())

    assert VERIFIER.verifies(captured(message))
    assert theirs in message
    assert not VERIFIER.verifies(captured(message.replace(theirs, ours)))


def test_a_signature_that_leaves_out_what_one_leaves_by_is_no_good() -> None:
    """M17."""
    key, names = rsa_key().as_pem().encode(), [b"from", b"to", b"subject"]
    message = a_message()

    for more, is_good in (([], False), ([b"list-unsubscribe", b"list-unsubscribe-post"], True)):
        signature = dkim.sign(
            message, SELECTOR.encode(), b"example.org", key, include_headers=[*names, *more]
        )
        assert VERIFIER.verifies(captured(signature + message)) is is_good
