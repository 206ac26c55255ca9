"""Tokens in logs: there are none."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from newsletter.tokens.tokens import INERT_TOKEN
from newsletter.web.access_log import masked_log_config, without_tokens

LOGGERS = ("uvicorn", "uvicorn.access", "uvicorn.error", "newsletter")


@contextmanager
def written_log() -> Iterator[io.StringIO]:
    """What the configuration writes; the loggers are as they were afterwards."""
    written = io.StringIO()
    config = masked_log_config()
    for handler in config["handlers"].values():
        handler["stream"] = written
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one, one.handlers[:], one.level, one.propagate) for one in loggers]
    logging.config.dictConfig(config)
    try:
        yield written
    finally:
        for one, handlers, level, propagate in before:
            one.handlers, one.level, one.propagate = handlers, level, propagate


def log_request(path: str, *, method: str = "GET") -> None:
    """As uvicorn logs one."""
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", method, path, "1.1", 200
    )


@pytest.mark.parametrize(
    "path",
    [
        f"/u/{INERT_TOKEN}",
        f"/en/unsubscribe/{INERT_TOKEN}?a=1",
        f"/cy/preferences/{INERT_TOKEN}",
        f"/en/view/{INERT_TOKEN}",
        f"/nowhere?token={INERT_TOKEN}",
        f"//u//{INERT_TOKEN}",
        f"/cy/dad-danysgrifio/{INERT_TOKEN}",
    ],
)
def test_the_access_log_has_the_request_and_not_the_token(path: str) -> None:
    """T9."""
    with written_log() as log:
        log_request(path, method="POST")

    line = log.getvalue()
    assert INERT_TOKEN not in line
    assert INERT_TOKEN[8:-8] not in line
    assert '"POST /' in line
    assert "200" in line


@pytest.mark.parametrize(
    "page",
    [
        "/u",
        "/en/unsubscribe",
        "/EN/Unsubscribe",
        "//en//unsubscribe/",
        "/en/confirm",
        "/cy/cadarnhau",
        "/cy/dewisiadau",
        "/cy/dad-danysgrifio",
        "/cy/gweld",
    ],
)
def test_a_token_that_lost_a_character_is_no_less_secret(page: str) -> None:
    """T9: 46 of 47 characters are all but the whole, however the page is spelt."""
    with written_log() as log:
        log_request(f"{page}/{INERT_TOKEN[:-1]}")

    assert INERT_TOKEN[:-1] not in log.getvalue()
    assert f'"GET {page}/*** HTTP' in log.getvalue()


@pytest.mark.parametrize(
    "path", ["/en/subscribe?address=sian%40example.org&topic=events", "/?sian@example.org"]
)
def test_what_a_form_of_others_puts_into_the_address_is_not_logged(path: str) -> None:
    """Our own forms are posted; one that somebody wrote for their website may not be."""
    with written_log() as log:
        log_request(path)

    assert "sian" not in log.getvalue()
    assert "?*** HTTP/1.1" in log.getvalue()


def test_a_page_below_a_token_keeps_its_name() -> None:
    with written_log() as log:
        log_request(f"/en/confirm/{INERT_TOKEN}/block")

    assert '"GET /en/confirm/***/block HTTP' in log.getvalue()


def test_a_message_of_ours_and_a_traceback_are_masked_too() -> None:
    """T9: error logs as well."""
    with written_log() as log:
        logging.getLogger("newsletter.web").warning("refused %s", INERT_TOKEN)
        try:
            _fail_on(f"/u/{INERT_TOKEN}")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    assert "ValueError: bad link /u/" in log.getvalue()
    assert "refused" in log.getvalue()
    assert INERT_TOKEN not in log.getvalue()


def test_an_address_without_a_token_is_logged_as_it_is() -> None:
    media = "/media/0123456789abcdef0123456789abcdef.png"

    assert without_tokens(f"GET {media}") == f"GET {media}"
    assert without_tokens("GET /static/site.css?abc") == "GET /static/site.css?abc"


def _fail_on(link: str) -> None:
    raise ValueError(f"bad link {link}")
