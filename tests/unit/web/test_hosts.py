"""Which names the site answers to, as they are written in a Host header."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from newsletter.web.hosts import AllowedHosts

HOSTS = frozenset({"News.example.org", "localhost", "127.0.0.1", "::1"})


def _status(*hosts: str) -> int:
    def inside(_request: Request) -> Response:
        return PlainTextResponse("inside")

    app = AllowedHosts(Route("/", inside), HOSTS, PlainTextResponse("no", status_code=400))
    client = TestClient(app)
    return client.get("/", headers=[("Host", one) for one in hosts]).status_code


@pytest.mark.parametrize(
    "host", ["news.example.org", "NEWS.EXAMPLE.ORG:8000", "localhost:1", "127.0.0.1", "[::1]:8000"]
)
def test_a_name_of_ours_is_answered(host: str) -> None:
    assert _status(host) == 200


@pytest.mark.parametrize(
    "host", ["::1", "[::2]", "me@news.example.org", "news.example.org.", "news.example.org:x", "x"]
)
def test_any_other_name_is_refused(host: str) -> None:
    """X16."""
    assert _status(host) == 400


def test_two_names_in_one_request_are_refused() -> None:
    """RFC 9112 section 3.2: whoever reads the one may not be whoever reads the other."""
    assert _status("news.example.org", "evil.example.com") == 400
