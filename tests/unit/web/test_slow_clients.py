"""Who keeps a connection without using it is cut off, and nobody else."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from newsletter.cli.listening import listen
from newsletter.web.site_server import SiteServer
from newsletter.web.slow_clients import ClientPatience

HASTY = ClientPatience(head=0.15, body=0.15, taking=0.15)
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
MUCH = b"x" * 20_000_000


async def _read(request: Request) -> Response:
    await request.body()
    return PlainTextResponse("read")


async def _give_much(_request: Request) -> Response:
    return Response(MUCH)


APP = Router([Route("/", _read, methods=["GET", "POST"]), Route("/much", _give_much)])


class Site:
    """Where the pages are served, and what is asked of them."""

    def __init__(self, port: int) -> None:
        self.port = port

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """A connection on which a test sends what it likes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            yield client

    def answers(self) -> bool:
        """Whether others are served."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/")
        status = connection.getresponse().status
        connection.close()
        return status == 200

    def refuses(self) -> bool:
        """Whether nobody listens any more."""
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) != 0


@contextmanager
def serving(patience: ClientPatience) -> Iterator[tuple[Site, SiteServer, threading.Thread]]:
    with listen("127.0.0.1", 0, cure="") as listening:
        server = SiteServer(APP, listening, patience)
        thread = threading.Thread(target=server.serve_until_stopped)
        thread.start()
        try:
            yield Site(listening.getsockname()[1]), server, thread
        finally:
            server.stop()
            thread.join(10)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving(HASTY) as (site, _, _):
        yield site


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HEAD, HEAD + b"x" * 99])
def test_whoever_sends_a_part_and_no_more_is_cut_off_while_others_are_served(
    site: Site, sent: bytes
) -> None:
    with site.connected() as client:
        client.sendall(sent)

        assert site.answers()
        assert _is_cut_off(client)


def test_a_byte_now_and_then_gains_nobody_any_time(site: Site) -> None:
    with site.connected() as client:
        client.settimeout(0.05)

        for _ in range(100):
            if _is_over(client, b"G"):
                break
        else:
            pytest.fail("was let go on for ever")


def test_a_second_request_has_its_time_too(site: Site) -> None:
    with site.connected() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200")

        client.sendall(b"GET / HTTP/1.1\r\nHo")

        assert _is_cut_off(client)


def test_whoever_does_not_take_the_answer_is_cut_off(site: Site) -> None:
    with site.connected() as client:
        client.sendall(b"GET /much HTTP/1.1\r\nHost: localhost\r\n\r\n")
        hung_up = select.poll()
        hung_up.register(client, 0)

        assert site.answers()
        assert hung_up.poll(5000) != []
        assert _taken(client) < len(MUCH)


def test_what_is_no_http_is_answered_with_the_headers_of_every_page(site: Site) -> None:
    """X16."""
    with site.connected() as client:
        client.sendall(b"\x16\x03\x01 hello\r\n\r\n")

        answer = client.recv(65536)

    assert answer.startswith(b"HTTP/1.1 400")
    for header in (b"x-content-type-options: nosniff", b"default-src 'none'", b"no-store"):
        assert header in answer.lower()


def test_a_stop_finishes_what_is_under_way_and_takes_nothing_new() -> None:
    with serving(ClientPatience()) as (site, server, thread), site.connected() as client:
        client.sendall(HEAD)
        assert site.answers()

        server.stop()
        while not site.refuses():
            pass
        client.sendall(b"x" * 100)

        assert client.recv(65536).startswith(b"HTTP/1.1 200")
        thread.join(5)
        assert not thread.is_alive()


def _is_cut_off(client: socket.socket) -> bool:
    """Whether the connection ends before the test's own patience does."""
    try:
        return client.recv(1024) == b""
    except ConnectionError:
        return True


def _is_over(client: socket.socket, byte: bytes) -> bool:
    try:
        client.sendall(byte)
        return client.recv(1024) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def _taken(client: socket.socket) -> int:
    taken = 0
    try:
        while chunk := client.recv(1_000_000):
            taken += len(chunk)
    except ConnectionError:
        return taken
    return taken
