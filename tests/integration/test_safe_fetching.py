"""Asking foreign addresses, over real TLS: what may be asked, for how long, and what it means."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.safe_fetching import (
    FetchRules,
    Reply,
    ReplyKind,
    SafeFetcher,
    resolve_by_system,
)
from tests.https_server import (
    EXPIRED_SITE,
    OTHER_NAME,
    SITE,
    UNTRUSTED,
    HttpsServer,
    Page,
    Resolver,
)


@pytest.fixture
def server() -> Iterator[HttpsServer]:
    with HttpsServer() as running:
        yield running


def ask(rules: FetchRules, address: str) -> Reply:
    return asyncio.run(SafeFetcher(rules).ask(address))


_TLS = FetchRules(Resolver()).tls


# What is answered.


def test_a_page_that_is_there_is_asked_for_once_by_our_name(server: HttpsServer) -> None:
    reply = ask(server.rules(), server.url(Page.OK) + "#part")

    assert reply == Reply(ReplyKind.ANSWERED, 200)
    assert server.lines == ["HEAD /ok"]
    assert server.asked[0].headers["host"] == f"{SITE}:{server.port}"
    assert server.asked[0].headers["user-agent"].startswith("newsletter/")
    assert set(server.asked[0].headers) == {"host", "user-agent"}


@pytest.mark.parametrize(
    ("page", "status", "methods"),
    [
        (Page.NOT_FOUND, 404, ["HEAD", "GET"]),
        (Page.GONE, 410, ["HEAD", "GET"]),
        (Page.FAILING, 503, ["HEAD", "GET"]),
        (Page.ONLY_GET, 200, ["HEAD", "GET"]),
        (Page.WRONG_ABOUT_HEAD, 200, ["HEAD", "GET"]),
        (Page.ENDLESS_BODY, 200, ["HEAD", "GET"]),
        (Page.BUSY, 429, ["HEAD"]),
    ],
)
def test_an_error_to_head_is_believed_when_get_gets_it_too(
    server: HttpsServer, page: Page, status: int, methods: list[str]
) -> None:
    """But who has had too many requests is not sent another."""
    reply = ask(server.rules(), server.url(page))

    assert reply == Reply(ReplyKind.ANSWERED, status)
    assert [one.method for one in server.asked] == methods


def test_nothing_is_kept_from_one_page_to_the_next(server: HttpsServer) -> None:
    ask(server.rules(), server.url(Page.COOKIE))

    assert server.lines == ["HEAD /cookie", "HEAD /ok"]
    assert "cookie" not in server.asked[1].headers


def test_proxies_of_the_environment_are_not_used(
    server: HttpsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert ask(server.rules(), server.url(Page.OK)).is_good


# Redirects.


@pytest.mark.parametrize(("status", "is_permanent"), [(301, True), (308, True), (302, False)])
def test_only_a_permanent_redirect_says_that_a_page_has_moved(
    server: HttpsServer, status: int, is_permanent: bool
) -> None:
    reply = ask(server.rules(), server.redirect(status, Page.OK))

    assert reply == Reply(
        ReplyKind.ANSWERED, 200, moved_to=server.url(Page.OK) if is_permanent else None
    )


def test_a_page_has_moved_as_far_as_redirects_are_permanent(server: HttpsServer) -> None:
    halfway = server.redirect(302, Page.OK)

    reply = ask(server.rules(), server.redirect(301, halfway))

    assert reply.moved_to == halfway


def test_two_redirects_are_followed_and_no_third(server: HttpsServer) -> None:
    one = server.redirect(302, Page.OK)
    two = server.redirect(302, one)
    three = server.redirect(302, two)

    assert ask(server.rules(), two).is_good
    server.asked.clear()
    assert ask(server.rules(), three) == Reply(ReplyKind.REDIRECTS)
    assert "HEAD /ok" not in server.lines


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        (f"http://{SITE}/", ReplyKind.NO_HTTPS),
        ("file:///etc/passwd", ReplyKind.NO_HTTPS),
        ("https://private.internal:{port}/", ReplyKind.NOT_PUBLIC),
        ("https://169.254.169.254:{port}/latest/meta-data", ReplyKind.NOT_PUBLIC),
        ("https://[::1]:{port}/", ReplyKind.NOT_PUBLIC),
        (f"https://{SITE}/", ReplyKind.OTHER_PORT),
        (f"https://me:secret@{SITE}:{{port}}/", ReplyKind.PASSWORD),
        ("https://nowhere.internal:{port}/", ReplyKind.NO_SUCH_HOST),
        ("https://[::1", ReplyKind.NO_HTTP),
        ("https:////a[6", ReplyKind.NO_HTTP),
        ("/" + "x" * 3_000, ReplyKind.NO_HTTP),
    ],
)
def test_each_redirect_is_under_the_rules_for_the_first_address(
    server: HttpsServer, location: str, kind: ReplyKind
) -> None:
    by_system = {
        "private.internal": [["10.0.0.1"]],
        "169.254.169.254": [["169.254.169.254"]],
        "::1": [["::1"]],
    }

    reply = ask(
        server.rules(Resolver(by_system)), server.redirect(302, location.format(port=server.port))
    )

    assert reply == Reply(kind)
    assert len(server.asked) == 1


# Which addresses are connected to.


def test_the_connection_goes_to_the_address_that_was_checked(
    server: HttpsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when checked and private when connected to gains nothing (X7)."""

    def look_up_again(*_: object, **__: object) -> None:
        raise AssertionError("the host was looked up once more")

    monkeypatch.setattr(socket, "getaddrinfo", look_up_again)
    rebinding = Resolver({SITE: [["127.0.0.1"], ["10.0.0.1"]]})

    reply = ask(server.rules(rebinding), server.url(Page.OK))

    assert reply.is_good
    assert rebinding.asked == [SITE]


def test_a_host_that_turns_private_between_two_requests_is_refused(server: HttpsServer) -> None:
    rebinding = Resolver({SITE: [["127.0.0.1"], ["10.0.0.1"]]})

    reply = ask(server.rules(rebinding), server.redirect(302, Page.OK))

    assert reply == Reply(ReplyKind.NOT_PUBLIC)
    assert len(server.asked) == 1


def test_one_private_address_among_others_is_enough_to_refuse(server: HttpsServer) -> None:
    mixed = Resolver({SITE: [["127.0.0.1", "10.0.0.1"]]})

    reply = ask(server.rules(mixed), server.url(Page.OK))

    assert reply == Reply(ReplyKind.NOT_PUBLIC)
    assert server.asked == []


def test_when_one_address_is_dead_the_next_is_tried(server: HttpsServer) -> None:
    both = Resolver({SITE: [["::1", "127.0.0.1"]]})
    rules = server.rules(both)
    rules = FetchRules(both, lambda _: True, rules.port, rules.tls)

    assert ask(rules, server.url(Page.OK)).is_good


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]", "localhost"]
)
def test_as_it_comes_nothing_on_this_machine_is_asked(server: HttpsServer, host: str) -> None:
    """With the real resolver and the real table of addresses."""
    rules = FetchRules(port=server.port, tls=server.trust)

    reply = ask(rules, server.url(Page.OK, host=host))

    assert reply == Reply(ReplyKind.NOT_PUBLIC)
    assert server.asked == []


def test_the_system_is_asked_for_addresses_of_either_kind() -> None:
    found = asyncio.run(resolve_by_system("127.0.0.1"))

    assert [str(address) for address in found] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("http://site.internal/", ReplyKind.NO_HTTPS),
        ("https://site.internal:8443/", ReplyKind.OTHER_PORT),
        ("https://me@site.internal/", ReplyKind.PASSWORD),
        ("https://nowhere.internal/", ReplyKind.NO_SUCH_HOST),
        ("https://", ReplyKind.NO_ADDRESS),
        ("https:///page", ReplyKind.NO_ADDRESS),
        ("https://[::1", ReplyKind.NO_ADDRESS),
        ("https://site.internal/\ud800", ReplyKind.NO_ADDRESS),
    ],
)
def test_what_is_not_asked_says_why(address: str, kind: ReplyKind) -> None:
    assert ask(FetchRules(Resolver()), address) == Reply(kind)


@pytest.mark.parametrize("host", ["a..b", ".internal", "x" * 64])
def test_what_can_be_no_name_of_a_host_is_no_address(host: str) -> None:
    assert ask(FetchRules(), f"https://{host}/").kind in {
        ReplyKind.NO_ADDRESS,
        ReplyKind.NO_SUCH_HOST,
    }


def test_a_name_service_that_fails_does_not_say_that_there_is_no_such_host() -> None:
    async def fail(host: str, /) -> list[object]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    assert ask(FetchRules(fail), "https://site.internal/") == Reply(ReplyKind.UNREACHABLE)  # type: ignore[arg-type]


@given(st.text(max_size=60))
def test_no_text_as_an_address_raises(text: str) -> None:
    rules = FetchRules(Resolver(), tls=_TLS)

    assert not ask(rules, text).is_good
    assert not ask(rules, f"https://{text}").is_good


# Servers that are not well.


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        (EXPIRED_SITE, ReplyKind.BAD_CERTIFICATE),
        (OTHER_NAME, ReplyKind.BAD_CERTIFICATE),
        (UNTRUSTED, ReplyKind.NO_TLS),
    ],
)
def test_a_site_that_does_not_prove_its_name_is_not_asked(
    server: HttpsServer, host: str, kind: ReplyKind
) -> None:
    reply = ask(server.rules(), server.url(Page.OK, host=host))

    assert reply == Reply(kind)
    assert server.asked == []


@pytest.mark.parametrize("page", [Page.HANGS, Page.FOREVER_SOON])
def test_who_keeps_us_waiting_is_left_in_time(server: HttpsServer, page: Page) -> None:
    assert ask(server.rules(time=0.3), server.url(page)) == Reply(ReplyKind.SLOW)


@pytest.mark.parametrize("page", [Page.ENDLESS_HEAD, Page.GARBAGE, Page.HANGS_UP])
def test_an_answer_that_is_not_http_is_told(server: HttpsServer, page: Page) -> None:
    assert ask(server.rules(), server.url(page)) == Reply(ReplyKind.NO_HTTP)


def test_a_port_where_nobody_listens_is_told() -> None:
    with HttpsServer() as gone:
        rules, url = gone.rules(), gone.url(Page.OK)

    assert ask(rules, url) == Reply(ReplyKind.UNREACHABLE)


def test_a_port_that_speaks_no_tls_is_told() -> None:
    async def ask_plain() -> Reply:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Speak plainly\r\n\r\n")
            await reader.read(1)
            writer.close()

        plain = await asyncio.start_server(greet, "127.0.0.1", 0)
        async with plain:
            port = plain.sockets[0].getsockname()[1]
            rules = FetchRules(Resolver(), lambda _: True, port)
            return await SafeFetcher(rules).ask(f"https://{SITE}:{port}/")

    assert asyncio.run(ask_plain()) == Reply(ReplyKind.NO_TLS)
