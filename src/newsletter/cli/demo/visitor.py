"""Somebody who visits the public pages without scripts or cookies: opens, fills in, sends."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lxml import html

_PATIENCE = 10.0
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the page's only heading, and the form that changes something."""

    status: int
    heading: str
    form_address: str
    fields: Mapping[str, str]


class DemoVisitor:
    """Visits the pages that are served on a loopback port, whatever host their links name."""

    def __init__(self, port: int) -> None:
        self._port = port

    def open(self, address: str) -> Answer:
        """The page at an address, as a link has it."""
        return self._ask("GET", address)

    def send(self, page: Answer, **filled_in: str) -> Answer:
        """Sends the form of a page with what was filled in; follows to where it leads."""
        return self._ask("POST", page.form_address, {**page.fields, **filled_in})

    def post(self, address: str, fields: Mapping[str, str]) -> int:
        """What a mail program does with one click (RFC 8058); gives the status of the answer."""
        return self._ask("POST", address, fields).status

    def _ask(self, method: str, address: str, fields: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        body = None if fields is None else urlencode(fields)
        headers = {} if fields is None else {"Content-Type": _FORM}
        try:
            connection.request(method, urlsplit(address).path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status == http.HTTPStatus.SEE_OTHER:
            return self._ask("GET", answer.headers["Location"])
        return _answer(answer.status, text, address)


def _answer(status: int, text: bytes, address: str) -> Answer:
    page = html.document_fromstring(text)
    heading = page.findtext(".//h1") or ""
    for form in page.iter("form"):
        if form.method.lower() == "post":
            values = {name: value for name, value in form.form_values() if isinstance(value, str)}
            return Answer(status, heading.strip(), form.action or address, values)
    return Answer(status, heading.strip(), address, {})
