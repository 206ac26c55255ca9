"""Reading relay.url."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.relay import (
    Login,
    MaildirRelay,
    Relay,
    Security,
    SmtpRelay,
    parse_relay,
)
from newsletter.domain.errors import BadInput

FOLDER = Path("/srv/news")


def read(url: str, ca_file: Path | None = None) -> Relay:
    return parse_relay(url, ca_file=ca_file, folder=FOLDER)


def fault(url: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(url)
    return caught.value


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://127.0.0.1", Security.PLAIN, 25),
        ("smtp+starttls://mail.example.org", Security.STARTTLS, 587),
        ("smtps://mail.example.org", Security.TLS, 465),
    ],
)
def test_each_scheme_has_the_port_that_its_standard_gives_it(
    url: str, security: Security, port: int
) -> None:
    relay = read(url)

    assert isinstance(relay, SmtpRelay)
    assert (relay.security, relay.port) == (security, port)


def test_host_port_login_and_certificates_are_read() -> None:
    relay = read("smtps://bulletin:secret@mail.example.org:4465", ca_file=FOLDER / "ca.pem")

    assert relay == SmtpRelay(
        Security.TLS,
        "mail.example.org",
        4465,
        Login("bulletin", "secret"),
        FOLDER / "ca.pem",
    )


text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)


@given(user=text, password=text)
def test_any_user_and_password_survive_percent_encoding(user: str, password: str) -> None:
    url = f"smtps://{quote(user, safe='')}:{quote(password, safe='')}@mail.example.org"

    relay = read(url)

    assert isinstance(relay, SmtpRelay)
    assert relay.login == Login(user, password)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
def test_plain_smtp_is_good_enough_for_this_machine(host: str) -> None:
    relay = read(f"smtp://{host}:2525")

    assert isinstance(relay, SmtpRelay)
    assert relay.address == f"{host}:2525"


@pytest.mark.parametrize(
    "host", ["mail.example.org", "192.0.2.1", "[2001:db8::1]", "localhost.example.org", "0.0.0.0"]
)
def test_plain_smtp_to_another_machine_is_refused(host: str) -> None:
    """A10."""
    refused = fault(f"smtp://{host}:25")

    assert "without TLS" in refused.what
    assert "smtp+starttls://" in (refused.cure or "")


def test_a_password_without_tls_is_refused_even_on_this_machine() -> None:
    """A8."""
    assert "without TLS" in fault("smtp://bulletin:secret@127.0.0.1").what


def test_a_relative_maildir_lies_in_the_workspace() -> None:
    assert read("maildir:data/outbox") == MaildirRelay(FOLDER / "data" / "outbox")


def test_an_absolute_maildir_is_taken_as_it_stands() -> None:
    assert read("maildir:/var/a 100% new box") == MaildirRelay(Path("/var/a 100% new box"))


@pytest.mark.parametrize(
    "url",
    ["http://mail.example.org", "mail.example.org:25", "smtp+tls://mail.example.org", "SMTP", ""],
)
def test_an_unknown_scheme_is_refused_with_the_list_of_those_we_know(url: str) -> None:
    cure = fault(url).cure or ""

    assert all(form in cure for form in ("smtp+starttls://", "smtps://", "smtp://", "maildir:"))


@pytest.mark.parametrize(
    "url",
    [
        "maildir:",
        "smtps://",
        "smtps://:465",
        "smtps://[mail.example.org",
        "smtps://mail.example.org:0",
        "smtps://mail.example.org:65536",
        "smtps://mail.example.org:smtp",
        "smtps://mail.example.org/inbox",
        "smtps://mail.example.org?timeout=3",
        "smtps://mail.example.org#top",
        "smtps://mail.exa mple.org",
        "smtps://mail.example.org\n",
        "smtps://bulletin@mail.example.org",
        "smtps://:secret@mail.example.org",
        "smtps://bulletin:sec%ret@mail.example.org",
        "smtps://bulletin:secret%0A@mail.example.org",
        "smtps://bulletin:secret%FF@mail.example.org",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_at_its_setting(url: str) -> None:
    refused = fault(url)

    assert refused.where == "relay.url"
    assert refused.exit_code == 2


def test_the_password_is_in_no_repr() -> None:
    """X13."""
    assert "secret" not in repr(read("smtps://bulletin:secret@mail.example.org"))


@pytest.mark.parametrize(
    "url",
    [
        "smtp://bulletin:hush-hush@mail.example.org",
        "smtp://bulletin:hush-hush@127.0.0.1",
        "imap://bulletin:hush-hush@mail.example.org",
        "bulletin:hush-hush@mail.example.org",
        "hush-hush://mail.example.org",
        "smtps://bulletin:hush-hush/x@mail.example.org",
        "smtps://bulletin:hush-hush#x@mail.example.org",
        "smtps://bulletin:hush-hush%@mail.example.org",
        "smtps://bulletin:hush-hush%FF@mail.example.org",
        "smtps://bulletin:hush-hush x@mail.example.org",
        "smtps://bulletin:hush-hush@mail.example.org:none",
        "smtps://bulletin:hush-hush@[mail.example.org",
    ],
)
def test_the_password_is_in_no_error(url: str) -> None:
    """X13: not in the words, and not in an error that a traceback would show with them."""
    refused = fault(url)

    shown = [str(refused), repr(refused.__cause__ or "")]
    assert not any("hush" in words for words in shown)


@pytest.mark.parametrize("host", ["a..b", ".example.org", "x" * 64 + ".example.org"])
def test_what_cannot_be_a_host_is_named_before_anybody_looks_it_up(host: str) -> None:
    assert "cannot be a host's name" in fault(f"smtps://{host}:465").what
